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

_CALLED = re.compile(
    r"\bpredict\s*\(\s*model\b|\bround\s*\(\s*cast\b|\bto_(?:char|date|timestamp)\s*\(",
    re.IGNORECASE,
)

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
    for start, end, text in _Calls(sql, tokens).edits():
        parts += [sql[at:start], text]
        at = end
    return "".join([*parts, sql[at:]])


class _Calls:
    """The calls of a text. Each token is looked at once, however deep calls stand in calls."""

    def __init__(self, sql: str, tokens: list[Token]) -> None:
        self._sql, self._tokens = sql, tokens
        self._ends: dict[int, int] = {}
        """Where a bracket is closed, by where it is opened."""
        self._within: list[int] = []
        """Where the bracket is opened that each token stands in; -1: in none."""
        self._lists: set[int] = set()
        """Where brackets are opened that hold several arguments."""
        opened = [-1]
        for place, token in enumerate(tokens):
            if token.token_type in _CLOSE and len(opened) > 1:
                self._ends[opened.pop()] = place
            self._within.append(opened[-1])
            if token.token_type in _OPEN:
                opened.append(place)
            elif token.token_type == TokenType.COMMA:
                self._lists.add(opened[-1])

    def edits(self) -> Iterator[Edit]:
        """Yield what is to be changed, in order."""
        done = -1
        for place, token in enumerate(self._tokens):
            if place <= done:
                continue
            if self._is_called(place, *_FORMATTED) and place + 1 in self._lists:
                # Whether it can be read or not, what it holds is read with it.
                done = self._ends[place + 1]
                yield from self._formatted(place, done)
            elif self._is_model(place) or self._is_table(place):
                yield token.start, self._tokens[place + 1].start, ""
            elif self._is_rounded(place):
                yield token.start, token.end + 1, _NUMERIC

    def _kind(self, place: int) -> TokenType | None:
        return self._tokens[place].token_type if 0 <= place < len(self._tokens) else None

    def _is_called(self, place: int, *names: str) -> bool:
        """Whether a function of one of these names is called here, by a call that is closed."""
        return (
            place >= 0
            and self._kind(place) != TokenType.STRING
            and self._tokens[place].text.lower() in names
            and self._kind(place + 1) == TokenType.L_PAREN
            and place + 1 in self._ends
        )

    def _formatted(self, place: int, end: int) -> Iterator[Edit]:
        """Yield DuckDB's call for one of a function with a format, if it can be read."""
        start, stop = self._tokens[place].start, self._tokens[end].end + 1
        try:
            written = sqlglot.parse_one(self._sql[start:stop], read="postgres").sql("duckdb")
        except (SqlglotError, RecursionError):
            return
        yield start, stop, written

    # Ours is ``predict(data, model := 'm')``, BigQuery's ``PREDICT(MODEL m, TABLE data)``. Whoever
    # reads SQL with sqlglot and writes it again, as Superset does, makes ours look like that.

    def _is_model(self, place: int) -> bool:
        """Whether sqlglot has put MODEL here, before the data of a prediction."""
        return (
            self._tokens[place].text.upper() == "MODEL"
            and self._kind(place + 1) in _RELATION
            and self._within[place] == place - 1
            and self._is_called(place - 2, "predict")
        )

    def _is_table(self, place: int) -> bool:
        """Whether sqlglot has put TABLE here, before the name of an argument."""
        return (
            self._kind(place) == TokenType.TABLE
            and self._kind(place + 2) in _NAMING
            and self._is_called(self._within[place] - 1, "predict")
        )

    def _is_rounded(self, place: int) -> bool:
        """Whether this is the type of a number that is only cast to be rounded.

        PostgreSQL rounds no DOUBLE to places: tools write ``round(cast(x AS DECIMAL), 4)``.
        """
        cast = self._within[place] - 1
        return (
            self._kind(place) == TokenType.DECIMAL
            and self._kind(place - 1) == TokenType.ALIAS
            and self._ends.get(cast + 1) == place + 1
            and self._kind(place + 2) == TokenType.COMMA
            and self._is_called(cast, "cast")
            and self._within[cast] == cast - 1
            and self._is_called(cast - 2, "round")
        )
