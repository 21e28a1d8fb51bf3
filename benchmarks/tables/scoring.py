"""Rows a second of predict, beside LightGBM's own predict of the same trees on a matrix.

``python -m benchmarks.tables.scoring HOW MILLIONS TREES``: ``sql`` scores a Parquet file of 18
columns with predict, ``lightgbm`` the same rows as a float64 matrix in memory, ``explain`` compares
contributions with shap's. TREES is about how many a model of generated rows has, or
``online_shoppers``: the model of that file, and its rows over and over. Prints one line of JSON.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np

import ecomsql
from benchmarks.datasets import DATA
from ecomsql.features.table import Rows
from ecomsql.models.table_model import TableModel
from ecomsql.storage import from_blob

TIMES = 3
NUMBERS = 16


def main() -> None:
    """Generate rows, train, score several times."""
    how, millions, trees = sys.argv[1:4]
    count = int(float(millions) * 1_000_000)
    with tempfile.TemporaryDirectory() as folder, ecomsql.connect() as con:
        con.execute("SET threads = 2")
        path = Path(folder) / "rows.parquet"
        prepare = _shoppers if trees == "online_shoppers" else _generated
        prepare(con, path, count, trees)
        figures = {"sql": _sql, "lightgbm": _lightgbm, "explain": _explain}[how](con, str(path))
    print(
        json.dumps(
            {**figures, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
        )
    )


def _generated(con: duckdb.DuckDBPyConnection, path: Path, count: int, trees: str) -> None:
    con.execute(f"COPY ({_rows(count)}) TO '{path}'")
    con.execute(f"CREATE TABLE known AS {_rows(20_000)}")
    con.execute(
        "CREATE TABLE m AS FROM train_classifier(known, 'y', method := 'lightgbm', "
        f"learning_rate := {5 / float(trees)})"
    )


def _shoppers(con: duckdb.DuckDBPyConnection, path: Path, count: int, _trees: str) -> None:
    file = DATA / "online_shoppers.parquet"
    con.execute(f"COPY (SELECT s.* FROM '{file}' AS s, range({count} // 12330 + 1)) TO '{path}'")
    con.execute(
        f"CREATE TABLE m AS FROM train_classifier('{file}', 'Revenue', method := 'lightgbm')"
    )


def _rows(count: int) -> str:
    """18 columns, two of them text, and what to predict."""
    numbers = ", ".join(f"(hash(i, {at}) % 100000) / 1000.0 AS c{at}" for at in range(NUMBERS))
    return f"""
        SELECT *, sin(c0 / 9) * 3 + c1 / 25 + (c2 * c3) / 2000 + len(a) + hash(c4) % 5 > 6 AS y
        FROM (
            SELECT {numbers}, ['x', 'yy', 'zzz', NULL][1 + (hash(i, 20) % 4)::INTEGER] AS a,
                'group ' || (hash(i, 21) % 12) AS b
            FROM range({count}) AS _(i)
        )
    """


def _sql(con: duckdb.DuckDBPyConnection, path: str) -> dict[str, float]:
    count = con.execute(f"SELECT count(*) FROM '{path}'").fetchall()[0][0]
    query = f"SELECT sum(probability) FROM predict('{path}', model := 'm')"
    return {"rows_a_second": count / _median(lambda: con.execute(query).fetchall())}


def _lightgbm(con: duckdb.DuckDBPyConnection, path: str) -> dict[str, float]:
    model = _model(con)
    table = model.table(_arrow_rows(con, f"FROM '{path}'"))
    values = np.ascontiguousarray(table.values)
    booster = model.members[0].booster
    seconds = _median(lambda: booster.predict(values, raw_score=True, num_threads=2))
    return {"rows_a_second": len(table) / seconds, "trees": booster.num_trees()}


def _explain(con: duckdb.DuckDBPyConnection, path: str) -> dict[str, float]:
    import shap

    model = _model(con)
    con.execute(f"CREATE TABLE few AS SELECT row_number() OVER () AS id, * FROM '{path}' LIMIT 500")
    table = model.table(_arrow_rows(con, "FROM few"))
    explainer = shap.TreeExplainer(model.members[0].booster)
    values = explainer.shap_values(table.values)
    values = np.asarray(values[1] if isinstance(values, list) else values)
    ours = con.execute(
        "SELECT id, feature, contribution "
        "FROM explain(few, model := 'm', id_col := 'id', top := 50)"
    ).fetchall()
    place = {name: at for at, name in enumerate(model.schema.names)}
    dense = np.zeros_like(values)
    for row, feature, contribution in ours:
        dense[row - 1, place[feature]] = contribution
    # The calibration stretches log-odds by one factor.
    return {"shap_error": float(np.abs(dense / model.blend.weights[0] - values).max())}


def _arrow_rows(con: duckdb.DuckDBPyConnection, query: str) -> Rows:
    described = con.execute(f"DESCRIBE {query}").fetchall()
    found = con.sql(query).to_arrow_table().combine_chunks()
    return Rows(
        tuple(one[0] for one in described),
        tuple(one[1] for one in described),
        tuple(column.chunk(0) for column in found.columns),
    )


def _model(con: duckdb.DuckDBPyConnection) -> TableModel:
    blob = con.execute("SELECT model FROM m").fetchall()[0][0]
    return TableModel.restored(from_blob(blob, tasks=TableModel.TASKS))


def _median(call) -> float:
    seconds = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
