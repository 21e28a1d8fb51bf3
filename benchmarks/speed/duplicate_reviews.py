"""Copies and near copies among many reviews: this project, equality in SQL, and datasketch."""

from __future__ import annotations

from importlib.util import find_spec

from benchmarks.report import Run, Table

TITLE = "duplicate_reviews"
PROGRAM = "benchmarks.reviews.duplicates"
SIZES = (100_000, 1_000_000)
CONTESTANTS = {
    "equal texts, GROUP BY": "equal_sql",
    "equal cleaned texts, GROUP BY": "cleaned_sql",
    "duplicate_reviews, SQL": "ecomsql_sql",
    "datasketch MinHashLSH": "datasketch_library",
    "datasketch, weighted for recall, verified": "datasketch_verified",
}
SLOW = 100_000
"""Reviews of a contestant in pure Python, at most."""


def tables(run: Run) -> list[Table]:
    """Look for copies at a threshold of 0.9; how many were planted, and how many found."""
    if not run.wants("duplicates"):
        return []
    is_there = find_spec("datasketch") is not None
    if not is_there:
        run.skip("datasketch", "not installed; it is in the extra 'benchmark'")
    found = []
    for n in SIZES:
        table = Table(f"{TITLE}: {n:,} reviews", "8 to 48 words, one in ten made from another")
        for label, contestant in CONTESTANTS.items():
            if contestant.startswith("datasketch") and not (is_there and n <= SLOW):
                continue
            for _ in range(run.repeat):
                table.add(label, run.child(str(n), contestant, program=PROGRAM))
        found.append(table)
    return found
