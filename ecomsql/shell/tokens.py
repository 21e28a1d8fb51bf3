"""Cuts SQL into tokens, finished or not: what is being typed mostly is not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

COMMENT, STRING, QUOTED, NUMBER, WORD, OPERATOR = (
    "comment",
    "string",
    "quoted",
    "number",
    "word",
    "operator",
)

# Possessive throughout: nothing is read twice, however long the text.
_TOKEN = re.compile(
    r"""
      (?P<space>\s++)
    | (?P<comment>--[^\r\n]*+)
    | (?P<block>/\*)
    | (?P<escaped>[eE]'(?:[^'\\]|''|\\.)*+(?P<escaped_end>')?+)
    | (?P<string>[xXbB]?+'(?:[^']++|'')*+(?P<string_end>')?+)
    | (?P<quoted>"(?:[^"]++|"")*+(?P<quoted_end>")?+)
    | (?P<dollar>\$(?:[^\W\d]\w*+)?+\$)
    | (?P<number>0[xX][\da-fA-F_]++|(?:\d[\d_]*+(?:\.[\d_]*+)?+|\.\d[\d_]*+)(?:[eE][+-]?+\d++)?+)
    | (?P<word>[^\W\d][\w$]*+)
    | (?P<operator>:=|=>|::|->>?|[<>!]=|<>|\|\||.)
    """,
    re.VERBOSE | re.DOTALL,
)
_BLOCK = re.compile(r"/\*|\*/")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of SQL, and where it is."""

    kind: str
    text: str
    start: int
    is_closed: bool = True
    """Whether the end of a string, a quoted name or a comment is there."""

    @property
    def end(self) -> int:
        """Where the next may begin."""
        return self.start + len(self.text)

    def says(self, *words: str) -> bool:
        """Whether it is one of these keywords or operators, given in capitals."""
        return self.kind in (WORD, OPERATOR) and self.text.upper() in words


@lru_cache(maxsize=8)
def tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens of `text`, without the space between them.

    Examples
    --------
    >>> [(one.kind, one.text, one.is_closed) for one in tokens("FROM 'a;b")]
    [('word', 'FROM', True), ('string', "'a;b", False)]
    """
    found, at = [], 0
    while at < len(text):
        token = _at(text, at)
        at = token.end
        if token.kind != "space":
            found.append(token)
    return tuple(found)


def _at(text: str, at: int) -> Token:
    """Return the token that begins at `at`."""
    match = _TOKEN.match(text, at)
    if match is None or match.lastgroup is None:
        raise ValueError(f"no token at {at}")  # Its last branch takes any letter.
    kind = match.lastgroup
    if kind == "block":
        return Token(COMMENT, *_block(text, at))
    if kind == "dollar":
        return Token(STRING, *_dollar(text, at, match[0]))
    ended = f"{kind}_end" not in match.groupdict() or match[f"{kind}_end"] is not None
    return Token(STRING if kind == "escaped" else kind, match[0], at, ended)


def _block(text: str, at: int) -> tuple[str, int, bool]:
    """Return a comment from ``/*`` to the ``*/`` that closes it; they nest."""
    depth = 0
    for mark in _BLOCK.finditer(text, at):
        depth += 1 if mark[0] == "/*" else -1
        if depth == 0:
            return text[at : mark.end()], at, True
    return text[at:], at, False


def _dollar(text: str, at: int, tag: str) -> tuple[str, int, bool]:
    """Return a string between two equal tags, ``$$`` or ``$tag$``."""
    end = text.find(tag, at + len(tag))
    if end < 0:
        return text[at:], at, False
    return text[at : end + len(tag)], at, True
