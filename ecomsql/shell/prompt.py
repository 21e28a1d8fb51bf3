"""Reads what is typed: SQL up to its semicolon, or a dot command."""

from __future__ import annotations

from prompt_toolkit import PromptSession
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.output import create_output

from ecomsql.shell.completion import SqlCompleter
from ecomsql.shell.highlighting import Highlighter, style
from ecomsql.shell.history import history
from ecomsql.shell.keys import keys
from ecomsql.shell.session import Session


class Prompt:
    """Asks for SQL, with history, colours and completion."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._reader: PromptSession[str] = PromptSession(
            message=self._message,
            multiline=True,
            prompt_continuation=_continuation,
            lexer=Highlighter(session.names),
            style=style(),
            completer=SqlCompleter(session.con, session.names),
            complete_while_typing=True,
            complete_in_thread=True,
            history=history(),
            key_bindings=keys(),
            enable_open_in_editor=True,
            tempfile_suffix=".sql",
            # The terminal is asked even when results go into a file.
            output=create_output(always_prefer_tty=True),
        )

    def ask(self) -> str:
        """Return what the user typed.

        Raises
        ------
        EOFError, KeyboardInterrupt
            Ctrl-D on an empty line, Ctrl-C.
        """
        self._session.names.read()
        return self._reader.prompt()

    def _message(self) -> StyleAndTextTuples:
        return [("bold", f"{self._place()}{self._session.transaction.value}"), ("", "> ")]

    def _place(self) -> str:
        now = self._session.names.now
        return now.database if now.schema == "main" else f"{now.database}.{now.schema}"


def _continuation(width: int, _line: int, _wraps: int) -> str:
    return "> ".rjust(width, ".") if width > 4 else "> "
