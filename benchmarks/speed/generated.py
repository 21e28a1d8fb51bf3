"""Generated events of any size: users with latent tastes, items with a long tail."""

from __future__ import annotations

import duckdb

from benchmarks.datasets import Dataset

USERS_A_MILLION = 50_000
ITEMS = 50_000
GROUPS = 50


def generated(name: str) -> Dataset:
    """Return the data set ``'generated-<millions>'``: 1 million users at 20 million events.

    Nine events of ten fall on items of the user's own group, each group with a long tail; users
    differ in how active they are.
    """
    millions = float(name.partition("-")[2])
    return Dataset((), lambda con: _prepare(con, millions), k=10, timed=True)


def _prepare(con: duckdb.DuckDBPyConnection, millions: float) -> None:
    users = int(millions * USERS_A_MILLION)
    con.execute(f"""
        CREATE TABLE train AS
        SELECT
            user_id,
            ((power(u3, 2.5) * {ITEMS // GROUPS})::BIGINT * {GROUPS}
                + CASE WHEN u2 < 0.9 THEN user_id % {GROUPS} ELSE (u2 * 1e6)::BIGINT % {GROUPS} END
            )::INTEGER AS item_id,
            TIMESTAMP '2025-01-01' + INTERVAL 1 SECOND * (u4 * 31536000)::BIGINT AS ts
        FROM (
            SELECT
                (power((hash(i, 1) % 1000000007) / 1000000007, 1.5) * {users})::BIGINT AS user_id,
                (hash(i, 2) % 1000000007) / 1000000007 AS u2,
                (hash(i, 3) % 1000000007) / 1000000007 AS u3,
                (hash(i, 4) % 1000000007) / 1000000007 AS u4
            FROM range({int(millions * 1_000_000)}) AS t (i)
        )
    """)
