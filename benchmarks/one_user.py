"""What to recommend to one user, again and again: a stored model's answer, and others'.

``python -m benchmarks.one_user HOW`` prints one line of JSON: medians of the time and of the CPU
time of a call, over users of the beauty data. HOW is ``filtered`` (the user's events as `data`),
``users`` (all events as `data`, the user in `users`), ``prepared`` (``filtered``, as a prepared
statement), ``popular`` (plain SQL: the most popular items that the user does not have, from a table
that counts them), ``arrays`` (the model without SQL) or ``implicit`` (its nearest neighbours, from
Python).
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
from scipy.sparse import csr_matrix

import ecomsql
from benchmarks.contestants.coded import coded
from benchmarks.datasets import DATA

K = 10
USERS = 200
STEP = 97
"""Every 97th user is asked for, so that no two calls are about the same one."""
FILTERED = """
    WITH one AS (FROM train WHERE user_id = $user)
    SELECT item_id FROM recommend(one, model := 'm', k := $k)
"""
WANTED = f"SELECT item_id FROM recommend(train, model := 'm', users := 'asked', k := {K})"
POPULAR = """
    SELECT item_id FROM counts
    WHERE item_id NOT IN (SELECT item_id FROM train WHERE user_id = $user)
    ORDER BY users DESC, item_id LIMIT $k
"""

Ask = Callable[[int], list[int]]


def main() -> None:
    """Make the database and the model, ask for each user, print the figures."""
    how = sys.argv[1]
    warnings.filterwarnings("ignore")
    with (
        tempfile.TemporaryDirectory() as folder,
        ecomsql.connect(Path(folder) / "shop.duckdb", config={"threads": 2}) as con,
    ):
        con.execute(
            "CREATE TABLE train AS SELECT user_id, item_id, position AS ts "
            f"FROM '{DATA}/beauty_events.parquet'"
        )
        found = con.execute("SELECT DISTINCT user_id FROM train ORDER BY ALL").fetchall()
        users = [user for (user,) in found][::STEP][:USERS]
        ask = _CONTESTANTS[how](con)
        _check(con, how, users[0], ask)
        print(json.dumps(_measured(ask, users)))


def _measured(ask: Ask, users: list[int]) -> dict[str, float]:
    spent = []
    for user in users:
        begun, worked = time.perf_counter(), time.process_time()
        answer = ask(user)
        spent.append((time.perf_counter() - begun, time.process_time() - worked))
        if len(answer) != K:
            raise ValueError(f"{len(answer)} items for user {user}")
    wall, cpu = 1000 * np.array(spent).T
    return {
        "p50_ms": float(np.median(wall)),
        "p95_ms": float(np.quantile(wall, 0.95)),
        "cpu_ms": float(np.median(cpu)),
    }


def _check(con: duckdb.DuckDBPyConnection, how: str, user: int, ask: Ask) -> None:
    """Refuse to measure answers that are not those of all users, or that the user has."""
    answer = ask(user)
    had = con.execute("SELECT item_id FROM train WHERE user_id = ?", [user]).fetchall()
    if {(item,) for item in answer} & set(had):
        raise ValueError(f"{how} recommends what the user has")
    if how in ("filtered", "users", "prepared"):
        everyone = f"FROM recommend(train, model := 'm', k := {K}) WHERE user_id = ?"
        expected = con.execute(f"SELECT item_id {everyone} ORDER BY rank", [user]).fetchall()
        if answer != [item for (item,) in expected]:
            raise ValueError(f"{how} answers otherwise than for all users")


def _filtered(con: duckdb.DuckDBPyConnection) -> Ask:
    _train(con)
    return lambda user: _items(con, FILTERED, {"user": user, "k": K})


def _prepared(con: duckdb.DuckDBPyConnection) -> Ask:
    _train(con)
    con.execute(f"PREPARE ask AS {FILTERED.replace('$k', str(K))}")
    return lambda user: _items(con, f"EXECUTE ask(user := {user})")


def _wanted(con: duckdb.DuckDBPyConnection) -> Ask:
    _train(con)

    def ask(user: int) -> list[int]:
        con.execute(f"CREATE OR REPLACE TEMP VIEW asked AS SELECT {user} AS user_id")
        return _items(con, WANTED)

    return ask


def _popular(con: duckdb.DuckDBPyConnection) -> Ask:
    con.execute("""
        CREATE TABLE counts AS
        SELECT item_id, count(DISTINCT user_id) AS users FROM train GROUP BY ALL
    """)
    return lambda user: _items(con, POPULAR, {"user": user, "k": K})


def _train(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("CREATE TABLE m AS FROM train_recommender(train, method := 'item_knn')")


def _items(con: duckdb.DuckDBPyConnection, sql: str, values: object = None) -> list[int]:
    return [item for (item,) in con.execute(sql, values).fetchall()]


def _arrays(con: duckdb.DuckDBPyConnection) -> Ask:
    from benchmarks.contestants.arrays import interactions_of
    from ecomsql.models.fitting import fit

    pairs = coded(con, timed=True)
    data = interactions_of(pairs)
    model = fit("item_knn", data, seed=42, options={})
    places = {user: at for at, user in enumerate(pairs.user_ids)}
    ids = pairs.item_ids.to_list()

    def ask(user: int) -> list[int]:
        codes, _ = model.recommend(data.take(np.array([places[user]])), K)
        return [ids[code] for code in codes[0]]

    return ask


def _implicit(con: duckdb.DuckDBPyConnection) -> Ask:
    from implicit.nearest_neighbours import BM25Recommender

    pairs = coded(con, timed=False)
    shape = (len(pairs.user_ids), len(pairs.item_ids))
    ones = np.ones(len(pairs.users), dtype=np.float32)
    matrix = csr_matrix((ones, (pairs.users, pairs.items)), shape=shape)
    model = BM25Recommender(K=100, num_threads=1)
    model.fit(matrix, show_progress=False)
    places = {user: at for at, user in enumerate(pairs.user_ids)}
    ids = pairs.item_ids.to_list()

    def ask(user: int) -> list[int]:
        at = places[user]
        return [ids[code] for code in model.recommend(at, matrix[at], N=K)[0]]

    return ask


_CONTESTANTS: dict[str, Callable[[duckdb.DuckDBPyConnection], Ask]] = {
    "filtered": _filtered,
    "prepared": _prepared,
    "users": _wanted,
    "popular": _popular,
    "arrays": _arrays,
    "implicit": _implicit,
}


if __name__ == "__main__":
    main()
