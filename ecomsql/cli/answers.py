"""Compares the answer of a query with the expected one, both CSV."""

from __future__ import annotations

import csv
import itertools
import math
from pathlib import Path

TOLERANCE = 1e-4
"""Relative difference at which two numbers still count as equal."""


def difference(expected: Path, found: Path) -> str | None:
    """Say in one line where `found` differs from `expected`; None if it does not.

    Rows are compared in order, numbers with :data:`TOLERANCE`, all else by the letter.
    """
    want, have = _rows(expected), _rows(found)
    if want[:1] != have[:1]:
        return f"columns are {_listed(have)}, expected {_listed(want)}"
    if len(want) != len(have):
        return f"{len(have) - 1} rows, expected {len(want) - 1}"
    for number, (right, row) in enumerate(zip(want[1:], have[1:], strict=True), start=1):
        for name, a, b in itertools.zip_longest(want[0], right, row):
            if not _same(a, b):
                return f"row {number}, {name}: {b}, expected {a}"
    return None


def _rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def _listed(rows: list[list[str]]) -> str:
    return ", ".join(rows[0]) if rows else "none"


def _same(a: str | None, b: str | None) -> bool:
    if a == b:
        return True
    try:
        return math.isclose(float(a or ""), float(b or ""), rel_tol=TOLERANCE, abs_tol=1e-9)
    except ValueError:
        return False
