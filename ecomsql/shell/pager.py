"""Shows what is taller than the window in a pager."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from ecomsql.cli import formats
from ecomsql.cli.messages import note

LESS = ("less", "-SRXF")
"""Long lines are cut, colours stay, and so does the text; what fits the window is printed."""


def page(text: Path) -> None:
    """Show a file in the program of ``$PAGER``, or in less; return when the user has left it."""
    command = _command()
    if command is None or not _run(command, text):
        formats.emit(text)


def _command() -> list[str] | None:
    """Return the pager to start; None where there is none."""
    chosen = os.environ.get("PAGER", "").strip()
    try:
        command = shlex.split(chosen) or list(LESS)
    except ValueError:
        note(f"PAGER cannot be read as a command: {chosen}")
        return None
    if shutil.which(command[0]) is None:
        if chosen:
            note(f"PAGER names a program that is not there: {command[0]}")
        return None
    return command


def _run(command: list[str], text: Path) -> bool:
    """Start the pager; say whether it could be."""
    # Ctrl-C is the pager's while it runs; the handler is not inherited, as "ignore" would be.
    usual = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        sys.stdout.flush()
        with text.open("rb") as source:
            # A less that is named without options would show colours as letters.
            environment = {"LESS": LESS[1], **os.environ}
            subprocess.run(command, stdin=source, check=False, env=environment)
    except OSError as error:
        note(f"the pager {command[0]} did not start: {error.strerror}")
        return False
    finally:
        signal.signal(signal.SIGINT, usual)
    return True
