"""Best prices where the truth is known: this project, a peer, and no change, in one run."""

from __future__ import annotations

from benchmarks.report import Run, Table

NAME = "generated_prices"
NOTE = (
    "mean gain in profit over the current price by the true elasticities; best: what there is to "
    "gain; told: what was promised; losers: items that earn less"
)
CONTESTANTS = {
    "auto, season": ("price_sql", "season := true"),
    "loglinear, season": ("price_sql", "season := true, method := 'loglinear'"),
    "loglinear, season, cautious": (
        "price_sql",
        "season := true, method := 'loglinear', cautious := true",
    ),
    "tree, season": ("price_sql", "season := true, method := 'tree'"),
    "lightgbm, season": ("price_sql", "season := true, method := 'lightgbm'"),
    "loglinear": ("price_sql", "method := 'loglinear'"),
    "statsmodels OLS, season": ("price_statsmodels", "loglog season"),
    "statsmodels Poisson GLM, season": ("price_statsmodels", "poisson season"),
    "prices as they are": ("price_naive", ""),
}


def tables(run: Run) -> list[Table]:
    """Measure every contestant; time is the median of `run.repeat` runs."""
    if not run.wants(NAME):
        return []
    table = Table(f"optimize_price on {NAME}", NOTE)
    for _ in range(run.repeat):
        for label, (contestant, options) in CONTESTANTS.items():
            table.add(
                label, run.child(NAME, contestant, options, program="benchmarks.prices.child")
            )
    return [table]
