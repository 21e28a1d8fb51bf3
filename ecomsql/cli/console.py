"""stdout through rich, and readers that have enough."""

from __future__ import annotations

import sys
from typing import NoReturn

from rich.console import Console as RichConsole


class ReaderGone(Exception):
    """Whoever reads stdout, ``head`` say, has closed it."""


class Console(RichConsole):
    """Writes to stdout as it is now; a closed one raises :class:`ReaderGone`."""

    def __init__(self, width: int | None = None) -> None:
        super().__init__(file=sys.stdout, highlight=False, width=width)

    def on_broken_pipe(self) -> NoReturn:
        """Raise."""
        raise ReaderGone
