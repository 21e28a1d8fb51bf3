"""Quality of lists, in SQL, the same for every contestant."""

from __future__ import annotations

import duckdb


def quality(con: duckdb.DuckDBPyConnection, k: int) -> dict[str, float]:
    """Measure the table ``lists (user_id, rank, item_id)`` against ``test (user_id, item_id)``.

    Means over all users of ``test``, whether they got a list or not: hit rate, recall and NDCG at
    k with binary relevance, and the share of the catalogue that was recommended.
    """
    row = con.execute(
        """
        WITH truth AS (SELECT user_id, count(*) AS n FROM test GROUP BY ALL),
        found AS (
            SELECT user_id, count(*) AS hits, sum(1 / log2(rank + 1)) AS gain
            FROM lists JOIN test USING (user_id, item_id)
            WHERE rank <= $k
            GROUP BY ALL
        ),
        ideal AS (
            SELECT n, (SELECT sum(1 / log2(i + 1)) FROM range(1, least(n, $k) + 1) t(i)) AS best
            FROM (SELECT DISTINCT n FROM truth)
        )
        SELECT
            avg((coalesce(hits, 0) > 0)::DOUBLE),
            avg(coalesce(hits, 0) / n),
            avg(coalesce(gain, 0) / best),
            (SELECT count(DISTINCT item_id) FROM lists)
                / (SELECT count(DISTINCT item_id) FROM train)
        FROM truth LEFT JOIN found USING (user_id) JOIN ideal USING (n)
        """,
        {"k": k},
    ).fetchone()
    names = ("hit_rate", "recall", "ndcg", "coverage")
    return dict(zip(names, row or (), strict=True))
