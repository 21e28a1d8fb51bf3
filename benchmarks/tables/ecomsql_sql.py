"""ecomsql, as its users call it."""

from __future__ import annotations

import time

import duckdb

import ecomsql


def run(con: duckdb.DuckDBPyConnection, label: str, argument: str) -> dict[str, float]:
    """Train with the options `argument`, and predict."""
    ecomsql.register(con)
    begun = time.perf_counter()
    con.execute(f"CREATE TABLE m AS FROM train_classifier(train, '{label}', {argument})")
    fitted = time.perf_counter()
    con.execute(
        f"CREATE TABLE scored AS SELECT {label} AS label, probability "
        f"FROM predict(test, model := 'm')"
    )
    return {"fit_s": fitted - begun, "score_s": time.perf_counter() - fitted}
