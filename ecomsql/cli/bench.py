"""``ecomsql bench``: time and memory of queries whose answers are checked."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from ecomsql.cli.console import Console
from ecomsql.cli.measuring import Measured, measured
from ecomsql.cli.messages import note
from ecomsql.cli.running import temporary_folder
from ecomsql.cli.script import DATA
from ecomsql.cli.surroundings import surroundings
from ecomsql.shop import generate


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--repeat", default=3, type=click.IntRange(min=1), help="Runs a query.")
@DATA
@click.option("--json", "target", type=click.Path(path_type=Path), help="Write the figures here.")
@click.option(
    "--baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Earlier figures, written by --json, to compare with.",
)
@click.option(
    "--tolerance",
    default=1.5,
    type=click.FloatRange(min=0, min_open=True),
    help="A median above this times the baseline's fails.",
)
@click.option("--write-expected", is_flag=True, help="Take the answers as the expected ones.")
def bench(
    folder: Path,
    repeat: int,
    data: Path | None,
    target: Path | None,
    baseline: Path | None,
    tolerance: float,
    write_expected: bool,
) -> int:
    """Time queries and check their answers.

    Runs each .sql file in DIR, in a process of its own, and prints times and peak memory.

    The expected answer is NAME.expected.csv beside NAME.sql. Without --data, the queries run on a
    shop made up for them. Exits with 1 on a wrong answer, a missing expectation, or a query slower
    than the baseline allows.
    """
    files = _files(folder)
    medians = _medians(baseline) if baseline else {}
    if target and not target.absolute().parent.is_dir():
        raise click.UsageError(f"cannot write {target}: there is no such folder")
    with contextlib.ExitStack() as stack:
        scratch = stack.enter_context(temporary_folder())
        if data is None:
            data = scratch / "shop"
            generate(data)
        found = []
        for file in files:
            one = measured(
                file, data=data, scratch=scratch, repeat=repeat, write_expected=write_expected
            )
            found.append(one.against(medians.get(one.name), tolerance))
            note(f"{one.name}: {found[-1].problem or 'ok'}")
    _print(found)
    if target:
        _save(found, target)
    return 0 if all(one.problem is None for one in found) else 1


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise click.UsageError(f"there is no folder {folder}")
    files = sorted(folder.absolute().glob("*.sql"))
    if not files:
        raise click.UsageError(f"{folder} holds no .sql files")
    return files


def _medians(baseline: Path) -> dict[str, float]:
    """Read the median of each query of an earlier run."""
    try:
        figures = json.loads(baseline.read_text(encoding="utf-8"))
        return {
            one["name"]: float(one["median_s"]) for one in figures["queries"] if one["median_s"]
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise click.UsageError(f"{baseline} is no file written by --json") from error


def _print(found: list[Measured]) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("query", "answer", "median s", "minimum s", "peak MB", "of baseline"):
        table.add_column(name, justify="left" if name in ("query", "answer") else "right")
    for one in found:
        table.add_row(*one.cells())
    Console(width=max(80, Console().width)).print(table)


def _save(found: list[Measured], target: Path) -> None:
    figures: dict[str, Any] = {**surroundings(), "queries": [one.as_json() for one in found]}
    text = json.dumps(figures, indent=2, ensure_ascii=False)
    target.write_text(text + "\n", encoding="utf-8")
