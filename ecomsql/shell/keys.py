"""What Enter and Tab do."""

from __future__ import annotations

from prompt_toolkit.buffer import Buffer, CompletionState
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import has_focus
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from ecomsql.shell.statements import is_ready

INDENT = "  "


def keys() -> KeyBindings:
    """Return the keys that differ from those of other lines that are typed."""
    found = KeyBindings()
    typing = has_focus(DEFAULT_BUFFER)

    @found.add("enter", filter=typing)
    def _run(event: KeyPressEvent) -> None:
        _enter(event.current_buffer)

    @found.add("escape", "enter", filter=typing)
    def _newline(event: KeyPressEvent) -> None:
        event.current_buffer.newline(copy_margin=True)

    @found.add("tab", filter=typing)
    def _choose(event: KeyPressEvent) -> None:
        _tab(event.current_buffer)

    return found


def _enter(buffer: Buffer) -> None:
    """Take the completion that is chosen, run what is complete, or begin a line."""
    if buffer.complete_state and buffer.complete_state.current_completion:
        buffer.complete_state = None
    elif is_ready(buffer.text):
        buffer.validate_and_handle()
    else:
        buffer.newline(copy_margin=True)


def _tab(buffer: Buffer) -> None:
    """Choose the next completion, or indent a line that has nothing yet."""
    document = buffer.document
    if buffer.complete_state and buffer.complete_state.current_completion:
        buffer.complete_next()
    elif document.cursor_position_row and not document.current_line_before_cursor.strip():
        buffer.insert_text(INDENT)
    else:
        _complete(buffer)


def _complete(buffer: Buffer) -> None:
    """Take the only completion that there is, or show them all and choose the first.

    They are looked for at once: a search that typing has begun would swallow the key.
    """
    event = CompleteEvent(completion_requested=True)
    found = list(buffer.completer.get_completions(buffer.document, event))
    if len(found) == 1:
        buffer.apply_completion(found[0])
    elif found:
        buffer.complete_state = CompletionState(buffer.document, found)
        buffer.complete_next()
