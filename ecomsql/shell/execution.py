"""Runs what is typed, and tells what went wrong."""

from __future__ import annotations

from collections.abc import Callable

from ecomsql.cli.console import ReaderGone
from ecomsql.cli.messages import complain, note, told
from ecomsql.cli.running import Interrupted
from ecomsql.shell.answers import answer
from ecomsql.shell.command import run_command
from ecomsql.shell.session import Session
from ecomsql.shell.statements import is_command
from ecomsql.shell.transaction import Transaction


def execute(session: Session, text: str) -> None:
    """Run one dot command, or SQL."""
    if is_command(text):
        run_command(session, text)
    else:
        answer(session, text)


def attempt(session: Session, work: Callable[[], None], place: str = "") -> bool:
    """Do something; say what went wrong and where, if so; return whether it went well.

    Raises
    ------
    EOFError
        The user leaves.
    """
    session.view.begin()
    try:
        work()
    except EOFError:
        raise
    except (Interrupted, KeyboardInterrupt) as error:
        if not session.interactive:
            raise
        # Behind the ^C that the terminal shows.
        note("\nInterrupted.")
        _advise(session, error)
    except (ReaderGone, BrokenPipeError):
        raise
    except Exception as error:
        # Whatever it was, what the user has made in memory outlives it.
        complain(place + told(error))
        _advise(session, error)
    else:
        return True
    return False


def _advise(session: Session, error: BaseException) -> None:
    """Say what an open transaction needs after an error."""
    hint = session.transaction.hint
    if hint and not (session.transaction is Transaction.ABORTED and "ROLLBACK" in str(error)):
        note(hint)
