"""Who buys within 30 days: the customers of a shop as of points that were fixed before any fit."""

from __future__ import annotations

from functools import partial

import duckdb

from benchmarks.datasets import DATA, Dataset

HORIZON = 30
"""Days that are looked ahead."""


def _prepare(con: duckdb.DuckDBPyConnection, *, days: int) -> None:
    """Cut the log `days` before its end.

    ``moment (cut)``; ``train``, the rows before it as they come; ``test (user_id, bought)``, all
    customers in ``train``.
    """
    con.execute(f"""
        CREATE VIEW _all AS FROM '{DATA}/online_retail.parquet' WHERE CustomerID IS NOT NULL
    """)
    con.execute(f"""
        CREATE TABLE moment AS SELECT max(InvoiceDate) - INTERVAL {days} DAY AS cut FROM _all
    """)
    con.execute("CREATE TABLE train AS FROM _all WHERE InvoiceDate < (SELECT cut FROM moment)")
    con.execute(f"""
        CREATE TABLE test AS
        SELECT
            CustomerID AS user_id,
            CustomerID IN (
                SELECT CustomerID FROM _all, moment
                WHERE Quantity > 0 AND InvoiceDate >= cut
                    AND InvoiceDate < cut + INTERVAL {HORIZON} DAY
            ) AS bought
        FROM train GROUP BY ALL
    """)


def _measure(con: duckdb.DuckDBPyConnection, _k: int) -> dict[str, float]:
    """Measure ``answers (user_id, probability)`` against ``test``, by scikit-learn."""
    from sklearn.metrics import average_precision_score, roc_auc_score

    rows = con.execute("SELECT bought, probability FROM test JOIN answers USING (user_id)")
    found = rows.fetchnumpy()
    [expected] = con.execute("SELECT count(*) FROM test").fetchone() or (0,)
    if len(found["bought"]) != expected:
        raise ValueError(f"{len(found['bought'])} answers for {expected} customers")
    return {
        "auc": float(roc_auc_score(found["bought"], found["probability"])),
        "average_precision": float(average_precision_score(found["bought"], found["probability"])),
    }


def keep(con: duckdb.DuckDBPyConnection, path: str) -> None:
    """Write what happened and what was answered, for comparisons between contestants."""
    con.execute(f"""
        COPY (SELECT user_id, bought, probability FROM test JOIN answers USING (user_id))
        TO '{path}' (FORMAT parquet)
    """)


PURCHASES = {
    f"online_retail_{days}": Dataset(
        ("online_retail.parquet",),
        partial(_prepare, days=days),
        k=0,
        timed=True,
        published=f"Purchase within {HORIZON} days, as of {days} days before the end. auc_gain is "
        "over scikit-learn, RFM, with the 95 % interval of 1,000 draws of the users.",
        measure=_measure,
    )
    for days in (60, 30)
}
