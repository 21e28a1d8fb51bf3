"""``.cd``: where files are looked for."""

from __future__ import annotations

import os
from pathlib import Path

from ecomsql.shell.command import command
from ecomsql.shell.errors import CommandError
from ecomsql.shell.session import Session


@command("cd", usage="FOLDER")
def change(session: Session, folder: str) -> None:
    """Go to another folder, from where files are named."""
    try:
        os.chdir(Path(folder).expanduser())
    except OSError as error:
        raise CommandError(f"cannot go to {folder}: {error.strerror}") from error
