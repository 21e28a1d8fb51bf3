"""Writes the README's table of functions from the catalogue.

``python -m ecomsql.docs README.md`` rewrites the table; with ``--check`` it only says whether the
file is out of date, and exits with 1 if so.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ecomsql import catalogue

BEGIN = "<!-- functions: written by python -m ecomsql.docs -->"
END = "<!-- end of functions -->"


def table() -> str:
    """Return the public functions as a Markdown table."""
    rows = ["| function | returns | what it does |", "|---|---|---|"]
    for function in catalogue.functions():
        returns = f"`{function.returns}`"
        rows.append(f"| `{function.name}` | {returns} | {function.summary} |")
    return "\n".join(rows)


def with_table(text: str) -> str:
    """Return the text of a README with its table renewed.

    Raises
    ------
    ValueError
        If the markers around the table are missing.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the file needs the lines {BEGIN} and {END}")
    return f"{before}{begin}\n\n{table()}\n\n{end}{after}"


@click.command()
@click.argument("readme", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only say whether the table is out of date.")
def main(readme: Path, *, check: bool) -> None:
    """Renew the table of functions in README."""
    text = readme.read_text(encoding="utf-8")
    renewed = with_table(text)
    if renewed == text:
        return
    if check:
        click.echo(f"{readme} is out of date: run python -m ecomsql.docs {readme}", err=True)
        sys.exit(1)
    readme.write_text(renewed, encoding="utf-8")


if __name__ == "__main__":
    main()
