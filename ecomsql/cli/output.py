"""Where results go: stdout, or a file that is complete or not there."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import duckdb

from ecomsql.cli import formats
from ecomsql.cli.running import temporary_folder


class Output:
    """Takes results one after the other; made by :func:`output`."""

    def __init__(self, scratch: Path, target: Path | None, form: str, rows: int | None) -> None:
        on_terminal = target is None and sys.stdout.isatty()
        self._scratch, self._target, self._form = scratch, target, form
        self._width = shutil.get_terminal_size().columns if on_terminal else formats.UNLIMITED
        self._rows = rows if rows is not None else formats.ROWS if on_terminal else 0
        self._parts: list[Path] = []

    def add(self, relation: duckdb.DuckDBPyRelation) -> None:
        """Run `relation`; print its rows, or keep them for :meth:`finish`."""
        part = self._scratch / f"{len(self._parts)}.{self._form}"
        rows = self._rows or formats.UNLIMITED
        formats.write(relation, part, form=self._form, width=self._width, rows=rows)
        self._parts.append(part)
        if self._target is None:
            if len(self._parts) > 1 and self._form in ("box", "markdown"):
                sys.stdout.write("\n")
            formats.emit(part)
            part.unlink()

    def finish(self) -> None:
        """Put the file in its place."""
        if self._target is None:
            return
        whole = self._scratch / "whole"
        with whole.open("wb") as into:
            for part in self._parts:
                with part.open("rb") as source:
                    shutil.copyfileobj(source, into)
        _place(whole, self._target)


@contextmanager
def output(target: Path | None, form: str, rows: int | None) -> Iterator[Output]:
    """Yield an :class:`Output`.

    Parameters
    ----------
    target : Path or None
        File to write; None for stdout.
    form : str
        One of ``formats.FORMATS``.
    rows : int or None
        Largest number of rows of a box, 0 for all; None: 40 on a terminal, else all.
    """
    with temporary_folder(_beside(target)) as scratch:
        yield Output(scratch, target, form, rows)


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Yield a file to write, which takes the place of `target` if all goes well."""
    with temporary_folder(_beside(target)) as scratch:
        whole = scratch / "whole"
        yield whole
        _place(whole, target)


def chosen_format(form: str | None, target: Path | None) -> str:
    """Return the format asked for, or that of the file's name, or box; check that it can be.

    Raises
    ------
    click.UsageError
        Parquet without a file, or a file that cannot be written.
    """
    suffix = target.suffix.lower() if target else ""
    chosen = form or formats.SUFFIXES.get(suffix, "box")
    if chosen == "parquet" and target is None:
        raise click.UsageError("parquet is not for reading: name a file with -o")
    if target is not None:
        check_writable(target)
    return chosen


def check_writable(target: Path) -> None:
    """Raise click.UsageError for a file that cannot be written."""
    folder = target.resolve().parent
    if target.is_dir():
        raise click.UsageError(f"{target} is a folder")
    if not folder.is_dir():
        raise click.UsageError(f"cannot write {target}: there is no folder {folder}")
    if not os.access(target if target.exists() else folder, os.W_OK):
        raise click.UsageError(f"cannot write {target}: permission denied")


def _beside(target: Path | None) -> Path | None:
    """Return the folder to write in before the file is put in its place; None: any."""
    regular = target is not None and (target.is_file() or not target.exists())
    return target.resolve().parent if target is not None and regular else None


def _place(whole: Path, target: Path) -> None:
    """Put a finished file in its place."""
    if target.is_file() or not target.exists():
        whole.replace(target.resolve())
    else:
        # A device or a named pipe is written to, never replaced.
        target.write_bytes(whole.read_bytes())
