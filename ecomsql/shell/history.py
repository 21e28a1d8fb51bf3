"""What was typed, kept from one start to the next."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

from prompt_toolkit.history import FileHistory, InMemoryHistory
from prompt_toolkit.history import History as PromptHistory

LARGEST = 2_000_000
"""Bytes of a file that is halved at the next start."""

_SECRET = re.compile(
    r"\bcreate\b.*\bsecret\b|\b(secret|password|token)\b\W{0,5}'", re.IGNORECASE | re.DOTALL
)


def history() -> PromptHistory:
    """Return what was typed in earlier shells, if there is a place for it."""
    file = history_file()
    return InMemoryHistory() if file is None else History(file)


def history_file() -> Path | None:
    """Return where the history is: in ``$XDG_STATE_HOME`` or ``~/.local/state``."""
    state = os.environ.get("XDG_STATE_HOME", "")
    try:
        # The standard wants what is no absolute path ignored.
        folder = Path(state) if Path(state).is_absolute() else Path.home() / ".local" / "state"
    except RuntimeError:
        # A user without a home, in a container say.
        return None
    return folder / "ecomsql" / "history"


class History(FileHistory):
    """A file that only its owner reads.

    What begins with a space is not kept; what names a secret, only until the shell is left. Where
    the file cannot be written, the history lasts as long as the shell.
    """

    def __init__(self, file: Path) -> None:
        super().__init__(str(file))
        self._file = file
        with contextlib.suppress(OSError):
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
            file.chmod(0o600)
            _shorten(file)

    def load_history_strings(self) -> Iterable[str]:
        """Return what is in the file, the newest first."""
        try:
            return list(super().load_history_strings())
        except OSError:
            return []

    def append_string(self, string: str) -> None:
        """Add what was typed, if it is to be kept."""
        if string.strip() and not string.startswith(" "):
            super().append_string(string)

    def store_string(self, string: str) -> None:
        """Write what was typed to the file."""
        if not _SECRET.search(string):
            with contextlib.suppress(OSError):
                super().store_string(string)


def _shorten(file: Path) -> None:
    """Drop the older half of a large file, up to the beginning of an entry."""
    if file.stat().st_size <= LARGEST:
        return
    text = file.read_bytes()
    kept = text.find(b"\n# ", len(text) - LARGEST // 2)
    shorter = file.with_name(f"{file.name}.{os.getpid()}")
    shorter.touch(mode=0o600)
    shorter.write_bytes(text[kept:] if kept >= 0 else b"")
    shorter.replace(file)
