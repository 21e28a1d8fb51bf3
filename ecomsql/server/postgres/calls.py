"""Calls that clients write otherwise than DuckDB has them, put right where they stand.

The rest of the statement stays as it is: tools wrap their users' SQL, which may have any of
DuckDB's syntax, into queries with PostgreSQL's ``to_timestamp(text, format)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import sqlglot
from sqlglot import Token, TokenType
from sqlglot.errors import SqlglotError

_CALLED = re.compile(r"\b(?:predict|round|to_(?:char|date|timestamp))\s*\(", re.IGNORECASE)

_FORMATTED = ("to_char", "to_date", "to_timestamp")
_NUMERIC = "DECIMAL(38, 15)"
"""What is nearest to PostgreSQL's numbers of any precision; DuckDB's DECIMAL has three places."""

_NAMING = (TokenType.COLON_EQ, TokenType.FARROW)
_RELATION = (TokenType.VAR, TokenType.IDENTIFIER, TokenType.STRING, TokenType.L_PAREN)
"""What a relation begins with."""

_OPEN = (TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE)
_CLOSE = (TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE)

Edit = tuple[int, int, str]
"""Where a piece of the text begins and ends, and what is put there."""


def put_right(sql: str) -> str:
    """Return a statement whose calls DuckDB understands.

    Examples
    --------
    >>> put_right("FROM t WHERE ts >= TO_TIMESTAMP('2026-01-05', 'YYYY-MM-DD')")
    "FROM t WHERE ts >= STRPTIME('2026-01-05', '%Y-%m-%d')"
    >>> put_right("FROM PREDICT(MODEL visits, TABLE model := 'm')")
    "FROM PREDICT(visits, model := 'm')"
    """
    if not _CALLED.search(sql):
        return sql
    try:
        tokens = sqlglot.tokenize(sql, read="postgres")
    except SqlglotError:
        return sql
    at, parts = 0, []
    for start, end, text in sorted(_edits(sql, tokens)):
        if start >= at:
            parts += [sql[at:start], text]
            at = end
    return "".join([*parts, sql[at:]])


def _edits(sql: str, tokens: list[Token]) -> Iterator[Edit]:
    """Yield what is to be changed; what lies within an earlier one does not count."""
    ends = _ends(tokens)
    for place, token in enumerate(tokens[:-1]):
        end = ends.get(place + 1)
        name = token.text.lower()
        if end is None or token.token_type == TokenType.STRING:
            continue
        if name == "predict":
            yield from _predict(tokens[place + 2 : end + 1])
        elif name == "round":
            yield from _round(tokens[place + 2 : end + 1])
        elif name in _FORMATTED:
            found = _formatted(sql[token.start : tokens[end].end + 1], name)
            if found is not None:
                yield token.start, tokens[end].end + 1, found


def _ends(tokens: list[Token]) -> dict[int, int]:
    """Return where each round bracket is closed, by the place where it is opened."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for place, token in enumerate(tokens):
        if token.token_type in _OPEN:
            opened.append(place)
        elif token.token_type in _CLOSE and opened:
            begin = opened.pop()
            if tokens[begin].token_type == TokenType.L_PAREN:
                found[begin] = place
    return found


def _formatted(call: str, name: str) -> str | None:
    """Return a call of a function with a format in DuckDB's language; None: leave it."""
    try:
        tree = sqlglot.parse_one(call, read="postgres")
        written = tree.sql(dialect="duckdb")
    except (SqlglotError, RecursionError):
        return None
    # With one argument, DuckDB has to_timestamp itself.
    return None if written.lower().startswith(f"{name}(") else written


def _predict(inner: list[Token]) -> Iterator[Edit]:
    """Yield the words to leave out that sqlglot, and so Superset, takes for those of BigQuery.

    There it is ``PREDICT(MODEL m, TABLE t)``, and whoever reads SQL with sqlglot and writes it
    again makes ours such a call.
    """
    if len(inner) < 2 or inner[0].text.upper() != "MODEL" or inner[1].token_type not in _RELATION:
        return
    yield inner[0].start, inner[1].start, ""
    for token, name, sign in zip(inner, inner[1:], inner[2:], strict=False):
        if token.token_type == TokenType.TABLE and sign.token_type in _NAMING:
            yield token.start, name.start, ""


def _round(inner: list[Token]) -> Iterator[Edit]:
    """Yield the type of a number that is made PostgreSQL's only to be rounded.

    There DOUBLE is not rounded to places, so that tools write ``round(cast(x AS DECIMAL), 4)``.
    """
    close = _ends(inner).get(1)
    if close is None or inner[0].text.upper() != "CAST":
        return
    *_, word, kind = inner[:close]
    is_bare = word.token_type == TokenType.ALIAS and kind.token_type == TokenType.DECIMAL
    if is_bare and inner[close + 1].token_type == TokenType.COMMA:
        yield kind.start, kind.end + 1, _NUMERIC
