"""Colours of what is typed."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.formatted_text.utils import split_lines
from prompt_toolkit.lexers import Lexer
from prompt_toolkit.styles import Style
from prompt_toolkit.styles.base import BaseStyle
from prompt_toolkit.styles.pygments import pygments_token_to_classname

from ecomsql.shell.lexer import SqlLexer
from ecomsql.shell.names import Names, Snapshot
from ecomsql.shell.statements import is_command

LONGEST = 50_000
"""Characters that are coloured; longer text is pasted, and would slow each key."""

# The terminal's own colours, so that they can be read on any background.
_COLOURS = {
    "keyword": "ansibrightblue bold",
    "name.builtin": "ansimagenta bold",
    "name.function": "ansimagenta",
    "name.attribute": "ansicyan",
    "literal.string": "ansigreen",
    "literal.number": "ansicyan",
    "comment": "ansibrightblack italic",
}


class Highlighter(Lexer):
    """Colours SQL with the names that are known at the time."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._last: tuple[Snapshot, SqlLexer] | None = None

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        """Return a function from the number of a line to its coloured parts."""
        lines = list(split_lines(self._fragments(document.text)))
        return lambda number: lines[number] if number < len(lines) else []

    def _fragments(self, text: str) -> StyleAndTextTuples:
        if is_command(text) or len(text) > LONGEST:
            return [("", text)]
        found = self._lexer().get_tokens_unprocessed(text)
        return [(f"class:{pygments_token_to_classname(kind)}", part) for _, kind, part in found]

    def _lexer(self) -> SqlLexer:
        """Return the lexer for the names of now."""
        now = self._names.now
        if self._last is None or self._last[0] is not now:
            self._last = now, SqlLexer(now)
        return self._last[1]


def style() -> BaseStyle:
    """Return the style of the shell."""
    return Style.from_dict({f"pygments.{name}": colour for name, colour in _COLOURS.items()})
