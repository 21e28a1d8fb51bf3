"""``ecomsql functions``: what there is to call, and how."""

from __future__ import annotations

import textwrap

import click
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ecomsql import catalogue
from ecomsql.cli.console import Console
from ecomsql.errors import did_you_mean


@click.command()
@click.argument("name", required=False)
def functions(name: str | None) -> None:
    """List the functions, or explain the one called NAME."""
    console = Console()
    there = {function.name: function for function in catalogue.functions()}
    if name is None:
        console.print(_listed(list(there.values())))
        return
    function = there.get(name.lower())
    if function is None:
        near = did_you_mean(name, there)
        raise click.UsageError(f"there is no function '{name}'{near}")
    _explain(console, function)


def _listed(functions: list[catalogue.Function]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    for function in functions:
        table.add_row(Text(function.name), Text(function.summary))
    return table


def _explain(console: Console, function: catalogue.Function) -> None:
    """Print signature, prose, arguments, output and example."""
    console.print(Text(function.signature, style="bold"), soft_wrap=True)
    console.print()
    console.print(Text(function.summary))
    if function.description:
        console.print()
        console.print(Text(function.description))
    if function.arguments:
        _heading(console, "Arguments")
        console.print(_arguments(function.arguments))
    if function.returns:
        _heading(console, "Returns")
        console.print(Padding(Text(function.returns), (0, 0, 0, 2)))
    if function.example:
        _heading(console, "Example")
        console.print(Text(textwrap.indent(function.example, "  ")), soft_wrap=True)


def _heading(console: Console, title: str) -> None:
    console.print()
    console.print(Text(title, style="bold"))


def _arguments(arguments: dict[str, str]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 0, 0, 2))
    table.add_column(no_wrap=True)
    table.add_column()
    for name, text in arguments.items():
        table.add_row(Text(name), Text(text))
    return table
