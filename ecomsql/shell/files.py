"""Files that can be named, and their columns."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import duckdb

from ecomsql.cli.formats import quoted

READABLE = (".parquet", ".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".gz", ".zst", ".txt")
"""What DuckDB reads by the name alone, first in the list."""

MOST = 500
"""Entries of a folder that are looked at."""

LARGEST_TEXT = 100_000_000
"""Bytes of a text file whose columns are looked up; of Parquet, only the end is read."""


def files(begun: str) -> Iterator[tuple[str, bool]]:
    """Yield paths that go on from `begun`, and whether each is a folder.

    Those that DuckDB reads come first, then folders; hidden ones only when asked for.
    """
    folder, _, start = begun.rpartition("/")
    parent = Path(f"{folder}/" if "/" in begun else ".").expanduser()
    before = f"{folder}/" if "/" in begun else ""
    try:
        entries = [entry for entry, _ in zip(parent.iterdir(), range(MOST), strict=False)]
    except OSError:
        return
    shown = [one for one in entries if start.startswith(".") or not one.name.startswith(".")]
    for entry in sorted(shown, key=_order):
        is_folder = entry.is_dir()
        yield f"{before}{entry.name}{'/' if is_folder else ''}", is_folder


def columns_of_file(con: duckdb.DuckDBPyConnection, name: str) -> dict[str, str]:
    """Return the columns of a file on this machine and their types; none where that is slow."""
    path = Path(name).expanduser()
    try:
        found = path.stat()
    except (OSError, ValueError):
        return {}
    if not path.is_file() or path.suffix.lower() not in READABLE:
        return {}
    if path.suffix.lower() != ".parquet" and found.st_size > LARGEST_TEXT:
        return {}
    return _columns(con, str(path), found.st_mtime_ns)


@lru_cache(maxsize=64)
def _columns(con: duckdb.DuckDBPyConnection, path: str, _changed: int) -> dict[str, str]:
    # A file's name in FROM is an identifier to DuckDB.
    try:
        with con.cursor() as cursor:
            rows = cursor.execute(f"DESCRIBE FROM {quoted(path)}").fetchall()
    except duckdb.Error:
        return {}
    return {row[0]: row[1] for row in rows}


def _order(entry: Path) -> tuple[bool, bool, str]:
    is_readable = entry.suffix.lower() in READABLE
    return not is_readable, not entry.is_dir(), entry.name.lower()
