"""Lifetime values on real customers: this project, a peer, and no model at all, in one run."""

from __future__ import annotations

from benchmarks.customers import CUSTOMERS
from benchmarks.report import Run, Table

TITLE = "predict_ltv"

CONTESTANTS = {
    "bgnbd": ("ltv", "bgnbd"),
    "lightgbm": ("ltv", "lightgbm"),
    "auto": ("ltv", "auto"),
    "lifetimes": ("lifetimes_library", "bgnbd"),
    "as before": ("ltv_naive", "rate"),
    "zero": ("ltv_naive", "zero"),
}


def tables(run: Run) -> list[Table]:
    """Measure every contestant; time is the median of `run.repeat` runs."""
    found = []
    for name, dataset in CUSTOMERS.items():
        if not run.wants(name):
            continue
        if dataset.missing:
            run.skip(name, f"no file {', '.join(dataset.missing)}; set ECOMSQL_DATA")
            continue
        table = Table(f"{TITLE} on {name}", dataset.published)
        for _ in range(run.repeat):
            for label, (contestant, argument) in CONTESTANTS.items():
                table.add(label, run.child(name, contestant, argument))
        found.append(table)
    return found
