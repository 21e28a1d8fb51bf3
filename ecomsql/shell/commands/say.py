"""``.print``: text between results."""

from __future__ import annotations

from ecomsql.shell.command import command, words
from ecomsql.shell.session import Session


@command("print", usage="[TEXT...]")
def say(session: Session, text: str = "") -> None:
    """Print a text, in a script say."""
    session.view.show_text(f"{' '.join(words(text))}\n")
