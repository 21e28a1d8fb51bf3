"""How results are shown: on the screen, in a pager when taller than it, or in a file."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
from rich.cells import cell_len, set_cell_size

from ecomsql.cli import formats
from ecomsql.cli.running import temporary_folder
from ecomsql.shell.errors import CommandError
from ecomsql.shell.pager import page

MODES = tuple(form for form in formats.FORMATS if form != "parquet")
"""Ways to show rows; parquet is not for reading."""

NARROWEST = 80
"""Characters that DuckDB's boxes may always take."""

SPACED = ("box", "line", "markdown")
"""Forms of which two results need a line between them."""


@dataclass
class Target:
    """A file that results go to."""

    path: Path
    form: str
    count: int = 0
    """Results in it."""

    def add(self, part: Path) -> None:
        """Append a rendered result."""
        if self.count and self.form == "parquet":
            raise CommandError("a parquet file holds one result, and there are several")
        if self.count and self.form in SPACED and part.stat().st_size:
            with self.path.open("ab") as into:
                into.write(b"\n")
        self.append(part)
        self.count += 1

    def append(self, part: Path) -> None:
        """Append a text."""
        with self.path.open("ab") as into, part.open("rb") as source:
            shutil.copyfileobj(source, into)


class View:
    """How and where results are shown.

    Parameters
    ----------
    interactive : bool
        Whether somebody looks on: boxes are cut to the window then.
    """

    def __init__(self, *, interactive: bool) -> None:
        self.mode = "box"
        self.timer = False
        self.on_screen = interactive and sys.stdout.isatty()
        self.pager = self.on_screen
        self.rows = formats.ROWS if self.on_screen else 0
        """Rows of a box on the screen; 0: all."""
        self.target: Target | None = None
        """Where results go; None: the screen."""
        self.once: Target | None = None
        """Where the results of the next statements go instead."""
        self._shown = 0

    @property
    def form(self) -> str:
        """The format of what is rendered next."""
        return self.target.form if self.target else self.mode

    def begin(self) -> None:
        """Begin the results of an input, which on a screen stand by themselves."""
        if self.on_screen:
            self._shown = 0

    def render(self, relation: duckdb.DuckDBPyRelation, part: Path) -> None:
        """Run `relation`, and write its rows as they will be shown."""
        fitting = self.on_screen and self.target is None
        width = window()[0] if fitting else formats.UNLIMITED
        rows = (0 if self.target else self.rows) or formats.UNLIMITED
        formats.write(relation, part, form=self.form, width=width, rows=rows)
        if self.form == "box" and width < NARROWEST:
            _crop(part, width)

    def show(self, part: Path) -> None:
        """Put a rendered result where results go."""
        if self.target is not None:
            self.target.add(part)
            return
        if self._shown and self.form in SPACED and part.stat().st_size:
            sys.stdout.write("\n")
        self._shown += 1
        self._print(part)

    def show_relation(self, relation: duckdb.DuckDBPyRelation) -> None:
        """Run `relation` and show its rows."""
        with temporary_folder() as scratch:
            part = scratch / "rows"
            self.render(relation, part)
            self.show(part)

    def show_text(self, text: str) -> None:
        """Show a text where results go."""
        with temporary_folder() as scratch:
            part = scratch / "text"
            part.write_text(text, encoding="utf-8")
            if self.target is None:
                self._print(part)
            else:
                self.target.append(part)

    def _print(self, part: Path) -> None:
        if self._is_tall(part):
            page(part)
        else:
            formats.emit(part)

    def _is_tall(self, part: Path) -> bool:
        """Whether a pager shows this."""
        if not (self.on_screen and self.pager):
            return False
        with part.open("rb") as source:
            # The prompt has the last line of the window.
            return source.read(1 << 20).count(b"\n") >= window()[1]


def _crop(part: Path, width: int) -> None:
    """Cut the lines of a file to a width on the screen."""
    lines = part.read_text(encoding="utf-8").splitlines()
    cut = (line if cell_len(line) <= width else set_cell_size(line, width) for line in lines)
    part.write_text("".join(f"{line}\n" for line in cut), encoding="utf-8")


def window() -> tuple[int, int]:
    """Return the width and the height of the window as they are now, in characters."""
    try:
        size = os.get_terminal_size(sys.stdout.fileno())
    except (OSError, ValueError):
        size = os.terminal_size((0, 0))
    return size.columns or 80, size.lines or 24
