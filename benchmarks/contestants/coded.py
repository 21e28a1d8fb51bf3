"""Dense codes for contestants that want arrays; not part of what is timed."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl


@dataclass(frozen=True)
class Coded:
    """Distinct pairs of train as codes, and the ids of the codes."""

    users: np.ndarray
    items: np.ndarray
    times: np.ndarray | None
    user_ids: pl.Series
    item_ids: pl.Series


def coded(con: duckdb.DuckDBPyConnection, *, timed: bool) -> Coded:
    """Read ``train``."""
    time = "epoch(max(ts)::TIMESTAMP)" if timed else "NULL"
    if timed and _type(con, "ts") in ("INTEGER", "BIGINT"):
        time = "max(ts)"
    query = f"SELECT user_id, item_id, {time} AS ts FROM train GROUP BY ALL"
    frame = pl.DataFrame(con.sql(query).to_arrow_table())
    user_ids, item_ids = frame["user_id"].unique().sort(), frame["item_id"].unique().sort()
    users = frame["user_id"].replace_strict(user_ids, pl.arange(len(user_ids), eager=True))
    items = frame["item_id"].replace_strict(item_ids, pl.arange(len(item_ids), eager=True))
    times = frame["ts"].to_numpy().astype(np.float64) if timed else None
    return Coded(
        users.to_numpy().astype(np.int32),
        items.to_numpy().astype(np.int32),
        times,
        user_ids,
        item_ids,
    )


def put_lists(con: duckdb.DuckDBPyConnection, pairs: Coded, items: np.ndarray) -> None:
    """Leave codes of shape (n_users, k) as the table ``lists (user_id, rank, item_id)``."""
    there = items >= 0
    users, places = np.nonzero(there)
    found = pl.DataFrame(  # noqa: F841 (DuckDB reads it by its name)
        {
            "user_id": pairs.user_ids.gather(users),
            "rank": places + 1,
            "item_id": pairs.item_ids.gather(items[there]),
        }
    )
    con.execute("CREATE TABLE lists AS FROM found")


def _type(con: duckdb.DuckDBPyConnection, column: str) -> str:
    rows = con.execute(f"SELECT typeof({column}) FROM train LIMIT 1").fetchall()
    return str(rows[0][0]) if rows else ""
