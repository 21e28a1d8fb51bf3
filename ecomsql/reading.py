"""Where the functions themselves may read files: everywhere, or in some folders only.

DuckDB guards what it reads; an encoder of sentences is read by Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ecomsql.errors import OptionError

_folders: tuple[Path, ...] | None = None


def confine(folders: Sequence[Path] | None) -> None:
    """Let this process read from these folders only; None: from everywhere."""
    global _folders
    _folders = None if folders is None else tuple(folder.resolve() for folder in folders)


def check_readable(path: Path) -> None:
    """Raise OptionError for a path that may not be read."""
    if _folders is None:
        return
    place = path.resolve()
    if not any(place.is_relative_to(folder) for folder in _folders):
        raise OptionError(f"reading '{path}' is not allowed here")
