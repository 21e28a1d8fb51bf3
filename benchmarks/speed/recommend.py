"""Recommenders as data grows; the second call; what the way through SQL adds."""

from __future__ import annotations

from benchmarks.report import Run, Table

TITLE = "recommend"
SIZES = ("1", "5", "20")
GROWING = {
    "popular": "method := 'popular'",
    "item_knn": "method := 'item_knn'",
    "als": "method := 'als', factors := 64, iterations := 10",
}


def tables(run: Run) -> list[Table]:
    """Measure growth in time and memory, and the overhead of SQL at 1 million events."""
    found = []
    if run.wants("generated"):
        table = Table("recommend as events grow", "generated events, 50,000 items, from SQL")
        for millions in SIZES:
            for label, options in GROWING.items():
                name = f"generated-{millions}"
                table.add(f"{label}, {millions} million", run.child(name, "sql", options))
        found.append(table)
    if run.wants("overhead"):
        table = Table("what SQL adds", "1 million generated events; arrays: the model alone")
        for _ in range(run.repeat):
            for method in GROWING:
                table.add(
                    f"{method}, SQL", run.child("generated-1", "sql", f"method := '{method}'")
                )
                table.add(f"{method}, arrays", run.child("generated-1", "arrays", method))
        found.append(table)
    return found
