"""What is said on stderr: errors in one or two lines."""

from __future__ import annotations

import re

import click

from ecomsql.error_text import said

_PLACE = re.compile(r"^LINE \d+:\s*(.*)$", re.MULTILINE)


def complain(message: str) -> None:
    """Write an error to stderr."""
    click.echo(f"Error: {message}" if message != "interrupted" else "Interrupted.", err=True)


def note(message: str) -> None:
    """Write a remark to stderr."""
    click.echo(message, err=True)


def told(error: Exception) -> str:
    """Return what an error says, in the words of the command line if it is one of its errors."""
    return error.format_message() if isinstance(error, click.ClickException) else brief(error)


def brief(error: BaseException) -> str:
    """Return the first line of an error, and the SQL or the hint that comes with it.

    DuckDB's text about a Python function that failed is cut down to what the function said. The
    number of the line is left out: it counts within one statement.
    """
    text = said(str(error)).text
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return type(error).__name__
    place = _PLACE.search(text)
    second = [f"in: {place[1].strip()}"] if place else lines[1:2]
    return "\n".join([lines[0], *second])
