"""``.mode``, ``.maxrows`` and ``.timer``: how results look."""

from __future__ import annotations

from ecomsql.cli.messages import note
from ecomsql.shell.command import command
from ecomsql.shell.errors import CommandError
from ecomsql.shell.session import Session
from ecomsql.shell.view import MODES


@command("mode", usage=f"[{'|'.join(MODES)}]")
def mode(session: Session, chosen: str | None = None) -> None:
    """Choose how rows are shown; alone: say how."""
    if chosen is None:
        note(f"{session.view.mode}; there are: {', '.join(MODES)}")
    else:
        session.view.mode = chosen


@command("maxrows", usage="[COUNT]")
def maxrows(session: Session, count: str | None = None) -> None:
    """Show so many rows of a box, 0 for all; alone: say how many."""
    if count is None:
        note(f"{session.view.rows or 'all'} rows")
    elif not count.isdecimal():
        raise CommandError(f"'{count}' is no number of rows; 0 is for all of them")
    else:
        session.view.rows = int(count)


@command("timer", usage="[on|off]")
def timer(session: Session, chosen: str | None = None) -> None:
    """Say after each statement how long it took."""
    if chosen is None:
        note("on" if session.view.timer else "off")
    else:
        session.view.timer = chosen == "on"


@command("pager", usage="[on|off]")
def pager(session: Session, chosen: str | None = None) -> None:
    """Show what is taller than the window with $PAGER, or less."""
    if chosen is None:
        note("on" if session.view.pager else "off")
    elif chosen == "on" and not session.view.on_screen:
        raise CommandError("results do not go to a terminal, so that there is nothing to page")
    else:
        session.view.pager = chosen == "on"
