"""``.quit`` and ``.exit``."""

from __future__ import annotations

from ecomsql.shell.command import command
from ecomsql.shell.session import Session


@command("quit", "exit")
def leave(session: Session) -> None:
    """Leave the shell, as Ctrl-D does."""
    raise EOFError
