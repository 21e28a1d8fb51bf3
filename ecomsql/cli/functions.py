"""``ecomsql functions``: what there is to call, and how."""

from __future__ import annotations

import click

from ecomsql import catalogue
from ecomsql.cli.console import Console
from ecomsql.cli.function_help import explain, listed
from ecomsql.errors import did_you_mean


@click.command()
@click.argument("name", required=False)
def functions(name: str | None) -> None:
    """List the functions, or explain the one called NAME."""
    console = Console()
    there = {function.name: function for function in catalogue.functions()}
    if name is None:
        console.print(listed(list(there.values())))
        return
    function = there.get(name.lower())
    if function is None:
        near = did_you_mean(name, there)
        raise click.UsageError(f"there is no function '{name}'{near}")
    explain(console, function)
