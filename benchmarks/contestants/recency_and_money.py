"""What anyone would try first: recency alone, and a logistic regression of RFM."""

from __future__ import annotations

import time

import duckdb
import numpy as np

from benchmarks.datasets import Dataset
from benchmarks.purchases import HORIZON

POINTS = 8
"""Months before the as-of that the regression learns from, as far as there is history."""

RFM = f"""
    SELECT
        CustomerID AS user_id,
        date_diff(
            'second', max(InvoiceDate) FILTER (Quantity > 0 AND InvoiceDate < $at), $at
        ) / 86400 AS recency,
        count(DISTINCT InvoiceDate::DATE) FILTER (Quantity > 0 AND InvoiceDate < $at) AS frequency,
        sum(Quantity * UnitPrice) FILTER (InvoiceDate < $at) AS money,
        count(*) FILTER (
            Quantity > 0 AND InvoiceDate >= $at AND InvoiceDate < $at + INTERVAL {HORIZON} DAY
        ) > 0 AS bought
    FROM train GROUP BY ALL HAVING min(InvoiceDate) < $at ORDER BY ALL
"""


def run(con: duckdb.DuckDBPyConnection, dataset: Dataset, which: str) -> dict[str, float]:
    """Answer by 'recency', or by 'logistic' or 'log logistic' regression."""
    begun = time.perf_counter()
    [moment, first] = con.execute(
        "SELECT cut, min(InvoiceDate) FROM moment, train GROUP BY ALL"
    ).fetchone() or (None, None)
    now = con.execute(RFM, {"at": moment}).fetchnumpy()
    if which == "recency":
        chances = -np.ma.filled(now["recency"].astype(float), 9999.0)
    else:
        chances = _regression(con, moment, first, now, is_log=which.startswith("log "))
    con.execute("CREATE TABLE answers (user_id INTEGER, probability DOUBLE)")
    rows = zip(now["user_id"].tolist(), chances.tolist(), strict=True)
    con.executemany("INSERT INTO answers VALUES (?, ?)", list(rows))
    return {"total_s": time.perf_counter() - begun}


def _regression(con, moment, first, now, *, is_log: bool) -> np.ndarray:
    import datetime as dt

    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    step = dt.timedelta(days=HORIZON)
    cuts = [moment - at * step for at in range(1, POINTS + 1) if moment - at * step - step >= first]
    past = [con.execute(RFM, {"at": cut}).fetchnumpy() for cut in cuts]
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    model.fit(
        np.concatenate([_columns(one, is_log=is_log) for one in past]),
        np.concatenate([one["bought"] for one in past]),
    )
    return model.predict_proba(_columns(now, is_log=is_log))[:, 1]


def _columns(rfm, *, is_log: bool) -> np.ndarray:
    fill = {"recency": 999.0, "frequency": 0.0, "money": 0.0}
    found = [np.ma.filled(rfm[name].astype(float), empty) for name, empty in fill.items()]
    wide = np.maximum(np.stack(found, axis=1), 0.0)
    return np.log1p(wide) if is_log else wide
