"""Does stock last as often as asked? This project, and the textbook's normal formula."""

from __future__ import annotations

from benchmarks.datasets import DATA
from benchmarks.inventory.data import DEMAND
from benchmarks.report import Run, Table

TITLE = "plan_inventory"
PROGRAM = "benchmarks.inventory.child"
NOTE = (
    "asked 0.90, 0.95, 0.98 of the demand of 8 days, planned at 4 dates held out; "
    "stock: pieces too many on average, in parts of the demand"
)
CONTESTANTS = {
    "normal, mean and deviation of all days": "normal",
    "normal, of the last 28 days": "recent",
    "plan_inventory, theta": "theta",
    "plan_inventory, auto": "auto",
}


def tables(run: Run) -> list[Table]:
    """Measure the service reached, and what it takes, on made and on real demand."""
    found = []
    for name, (_, files) in DEMAND.items():
        if not (run.wants(name) or run.wants("plan_inventory")):
            continue
        missing = [one for one in files if not (DATA / one).exists()]
        if missing:
            run.skip(name, f"no file {', '.join(missing)}; set ECOMSQL_DATA")
            continue
        table = Table(f"{TITLE} on {name}", NOTE)
        for label, contestant in CONTESTANTS.items():
            table.add(label, run.child(name, contestant, program=PROGRAM))
        found.append(table)
    return found
