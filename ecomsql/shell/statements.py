"""Where a statement ends: whether Enter runs what is typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ecomsql.shell.tokens import COMMENT, Token, tokens

_WITHOUT_DOT = ("exit", "quit", "help")
"""Commands that people type without the dot; no statement is one of these words alone."""


def is_command(text: str) -> bool:
    """Whether `text` is a dot command."""
    return text.lstrip().startswith(".") or text.strip("; \t\r\n").lower() in _WITHOUT_DOT


def is_complete(text: str) -> bool:
    """Whether `text` can run as it is: it ends in a semicolon, is a dot command, or says nothing.

    Examples
    --------
    >>> is_complete("SELECT 1; -- one"), is_complete("SELECT ';"), is_complete(".tables")
    (True, False, True)
    """
    if is_command(text):
        return True
    found = tokens(text)
    if found and not found[-1].is_closed:
        return False
    said = [token for token in found if token.kind != COMMENT]
    return not said or said[-1].says(";")


def is_ready(text: str) -> bool:
    """Whether Enter runs what is typed: its last statement or command is complete."""
    *_, (_, last) = [(1, ""), *inputs(text.splitlines(keepends=True))]
    return is_complete(last)


def statement_at(text: str, at: int) -> tuple[Token, ...]:
    """Return the tokens of the statement that the place `at` is in."""
    here: list[Token] = []
    for token in tokens(text):
        if not token.says(";"):
            here.append(token)
        elif token.start >= at:
            break
        else:
            here = []
    return tuple(here)


def inputs(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Put lines together to what runs at once; yield it with the number of its first line.

    The last one runs without a semicolon too.
    """
    waiting: list[str] = []
    first = 1
    for number, line in enumerate(lines, start=1):
        if not waiting:
            first = number
        waiting.append(line)
        # Long statements mostly have many lines without a semicolon.
        may_end = ";" in line or len(waiting) == 1
        if may_end and is_complete(text := "".join(waiting)):
            yield first, text
            waiting = []
    if waiting:
        yield first, "".join(waiting)
