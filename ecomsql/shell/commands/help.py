"""``.help`` and ``.functions``: what can be typed."""

from __future__ import annotations

import os
from io import StringIO
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ecomsql import catalogue
from ecomsql.cli.function_help import explain, listed
from ecomsql.errors import did_you_mean
from ecomsql.shell.command import command, commands
from ecomsql.shell.errors import CommandError
from ecomsql.shell.session import Session
from ecomsql.shell.view import window

_DUCKDB = """
    SELECT DISTINCT ON (parameters) function_name, parameters, parameter_types, return_type,
        description, examples
    FROM duckdb_functions()
    WHERE function_name = lower(?) AND database_name <> 'ecomsql' ORDER BY len(parameters)
"""


@command("help", usage="[FUNCTION]")
def help(session: Session, name: str | None = None) -> None:
    """List the commands, or explain a function or a command."""
    if name is None:
        _show(session, _listed())
        return
    name = name.removeprefix(".").removesuffix("()").lower()
    function = next((one for one in catalogue.functions() if one.name == name), None)
    if function is not None:
        _show(session, function)
    elif name in commands():
        _show(session, Text(f"{commands()[name].shape}\n{commands()[name].summary}"))
    else:
        _show(session, _of_duckdb(session, name))


@command("functions", usage="[PATTERN]")
def functions(session: Session, pattern: str = "") -> None:
    """List the functions of ecomsql, those with the pattern in their name or summary."""
    wanted = pattern.strip("%").lower()
    found = [one for one in catalogue.functions() if wanted in f"{one.name} {one.summary}".lower()]
    if not found:
        raise CommandError(f"no function has '{pattern}' in its name or summary")
    _show(session, listed(found))


def _listed() -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    for one in commands().values():
        table.add_row(Text(one.shape), Text(one.summary))
    table.add_row("", "")
    table.add_row(Text("SQL;"), Text("Runs at its semicolon, over as many lines as it takes."))
    table.add_row(Text("Ctrl-C"), Text("Stops a query; at the prompt, clears what is typed."))
    table.add_row(Text("Ctrl-R"), Text("Looks for what was typed before."))
    table.add_row(Text("Ctrl-X Ctrl-E"), Text("Opens what is typed in $EDITOR."))
    table.add_row(Text("Alt-Enter"), Text("Begins a line in a statement that is complete."))
    return table


def _of_duckdb(session: Session, name: str) -> Text:
    """Return what DuckDB says of a function of its own, or a macro."""
    found = session.con.execute(_DUCKDB, [name]).fetchall()
    if not found:
        there = {one.name for one in catalogue.functions()} | set(commands())
        near = did_you_mean(name, there | session.names.read().functions.keys())
        raise CommandError(f"there is no function or command '{name}'{near}")
    text = Text()
    for function, names, kinds, returns, about, examples in found:
        given = ", ".join(
            f"{one} {kind}" if kind else one for one, kind in zip(names, kinds, strict=False)
        )
        text.append(f"{function}({given}) -> {returns or 'rows'}\n", style="bold")
        text.append(f"  {about}\n" if about else "")
        text.append("".join(f"  {example}\n" for example in examples or []))
    text.rstrip()
    return text


def _show(session: Session, what: Any) -> None:
    """Print what rich prints, where results go."""
    seen = session.view.on_screen and session.view.target is None
    console = Console(
        file=StringIO(),
        width=window()[0] if seen else 100,
        highlight=False,
        force_terminal=seen and os.environ.get("TERM") not in (None, "dumb", "unknown"),
    )
    with console.capture() as said:
        if isinstance(what, catalogue.Function):
            explain(console, what)
        else:
            console.print(what)
    session.view.show_text(said.get())
