"""Elasticities: this project, a peer, and one elasticity for all, in one run."""

from __future__ import annotations

from benchmarks.datasets import DATA
from benchmarks.prices.data import PRICES
from benchmarks.report import Run, Table

TITLE = "price_elasticity"
CONTESTANTS = {
    "loglog, shrink := false": ("elasticity_sql", "shrink := false"),
    "loglog": ("elasticity_sql", ""),
    "statsmodels OLS, item by item": ("elasticity_statsmodels", "loglog"),
    "one elasticity for all": ("elasticity_naive", ""),
}
SEASONAL = {
    "loglog, season": ("elasticity_sql", "season := true"),
    "poisson, season, shrink := false": (
        "elasticity_sql",
        "method := 'poisson', season := true, shrink := false",
    ),
    "poisson, season": ("elasticity_sql", "method := 'poisson', season := true"),
    "statsmodels OLS, season": ("elasticity_statsmodels", "loglog season"),
    "statsmodels Poisson GLM, season": ("elasticity_statsmodels", "poisson season"),
}


def tables(run: Run) -> list[Table]:
    """Measure every contestant; time is the median of `run.repeat` runs."""
    found = []
    for name, (_, files, published, _) in PRICES.items():
        if not run.wants(name):
            continue
        missing = [one for one in files if not (DATA / one).exists()]
        if missing:
            run.skip(name, f"no file {', '.join(missing)}; set ECOMSQL_DATA")
            continue
        table = Table(f"{TITLE} on {name}", published)
        chosen = {**CONTESTANTS, **({} if files else SEASONAL)}
        for _ in range(run.repeat):
            for label, (contestant, options) in chosen.items():
                table.add(
                    label, run.child(name, contestant, options, program="benchmarks.prices.child")
                )
        found.append(table)
    return found
