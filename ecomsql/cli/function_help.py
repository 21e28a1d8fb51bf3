"""Functions as they are explained on a terminal."""

from __future__ import annotations

import textwrap

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ecomsql import catalogue


def listed(functions: list[catalogue.Function]) -> Table:
    """Return a table of names and summaries."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    for function in functions:
        table.add_row(Text(function.name), Text(function.summary))
    return table


def explain(console: Console, function: catalogue.Function) -> None:
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
