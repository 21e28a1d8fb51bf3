"""What may be typed next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import duckdb
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from ecomsql.shell.candidates import Candidate, Candidates
from ecomsql.shell.command_completion import of_command
from ecomsql.shell.context import Place, place_at
from ecomsql.shell.names import Names
from ecomsql.shell.statements import is_command

LONGEST = 50_000
"""Characters of a statement that are looked through at each key."""


class SqlCompleter(Completer):
    """Completes names, arguments, files and dot commands.

    Parameters
    ----------
    con : DuckDBPyConnection
        Asked, over a connection of its own, for the columns of files.
    names : Names
        What there is besides.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, names: Names) -> None:
        self._con, self._names = con, names

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        """Yield what goes on from what is before the cursor; nothing where that is unclear."""
        try:
            return list(self._found(document, asked=complete_event.completion_requested))
        except Exception:
            # What is typed is unfinished in ways that nobody foresees, and a list is only a help.
            return []

    def _found(self, document: Document, *, asked: bool) -> Iterator[Completion]:
        text = document.text
        if len(text) > LONGEST:
            return
        if is_command(text):
            yield from of_command(document.text_before_cursor, self._names.now)
            return
        place = place_at(text, document.cursor_position)
        candidates = Candidates(self._con, self._names.now, place)
        after = text[document.cursor_position : document.cursor_position + 1]
        yield from _completions(place, candidates.found(asked=asked), after)


def _completions(place: Place, candidates: Iterable[Candidate], after: str) -> Iterator[Completion]:
    """Choose what begins with the word, then what has it inside; sort nothing else."""
    word = place.word.lower()
    seen: set[str] = set()
    begins, holds = [], []
    for one in candidates:
        key = one.name.lower()
        if key in seen or (key == word and one.text == place.word):
            continue
        if key.startswith(word):
            begins.append(one)
        elif len(word) > 2 and word in key and not one.is_keyword:
            holds.append(one)
        else:
            continue
        seen.add(key)
    for one in (*begins, *holds):
        text = one.text.upper() if one.is_keyword and place.word[:1].isupper() else one.text
        if after in ("'", '"', "("):
            text = text.removesuffix(after)
        start = -len(place.word) - (place.kind == "quoted")
        yield Completion(text, start_position=start, display=one.shown, display_meta=one.about)
