"""Tells pygments what is what in SQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pygments import token as kinds
from pygments.lexer import Lexer

from ecomsql import catalogue
from ecomsql.shell.names import Snapshot
from ecomsql.shell.tokens import COMMENT, NUMBER, OPERATOR, QUOTED, STRING, WORD, Token, tokens

_KINDS = {
    COMMENT: kinds.Comment,
    STRING: kinds.String,
    QUOTED: kinds.Name,
    NUMBER: kinds.Number,
    OPERATOR: kinds.Operator,
}


class SqlLexer(Lexer):  # type: ignore[misc]
    """SQL of DuckDB, with the functions of ecomsql.

    Parameters
    ----------
    names : Snapshot
        Keywords and functions; a column's name is no keyword unless it is reserved.
    """

    name = "SQL"

    def __init__(self, names: Snapshot, **options: Any) -> None:
        super().__init__(**options)
        columns = {name.lower() for one in names.columns.values() for name in one}
        self._keywords = names.keywords - (columns - names.reserved)
        self._functions = names.functions.keys()
        self._ours = {function.name for function in catalogue.functions()}

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, Any, str]]:
        """Yield place, kind and text of each token."""
        found = tokens(text)
        at = 0
        for i, token in enumerate(found):
            if token.start > at:
                yield at, kinds.Whitespace, text[at : token.start]
            yield token.start, self._kind(found, i), token.text
            at = token.end
        if at < len(text):
            yield at, kinds.Whitespace, text[at:]

    def _kind(self, found: tuple[Token, ...], i: int) -> Any:
        token = found[i]
        if token.kind != WORD:
            return _KINDS[token.kind]
        word = token.text.lower()
        after = found[i + 1].text if i + 1 < len(found) else ""
        if after == "(" and word in self._ours:
            return kinds.Name.Builtin
        if after == "(" and word in self._functions:
            return kinds.Name.Function
        if after in (":=", "=>"):
            return kinds.Name.Attribute
        is_part = after == "." or (i > 0 and found[i - 1].text == ".")
        return kinds.Keyword if word in self._keywords and not is_part else kinds.Name
