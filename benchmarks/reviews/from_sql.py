"""Many short reviews embedded, and searched, from SQL.

``python -m benchmarks.reviews.from_sql embed|search N`` prints one line of JSON. The reviews are
those of meals delivered, again and again, each with a number so that no two are equal.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time

import duckdb

import ecomsql
from benchmarks.datasets import DATA

MEMORY = "1500MB"
"""Of DuckDB; the rest is this project's."""
SEARCHES = 15


def embed(con: duckdb.DuckDBPyConnection, n: int) -> dict[str, float]:
    """Embed `n` reviews by hashing into a table."""
    begun = time.perf_counter()
    con.execute("CREATE TABLE vectors AS FROM embed_reviews(reviews, method := 'hash')")
    seconds = time.perf_counter() - begun
    (good,) = con.execute("SELECT count(embedding) FROM vectors").fetchall()[0]
    assert good == n
    return {"total_s": seconds, "rows_a_second": n / seconds}


def search(con: duckdb.DuckDBPyConnection, n: int) -> dict[str, float]:
    """Search `n` reviews that were embedded before, by texts and by ids."""
    con.execute("CREATE TABLE m AS FROM train_embedder(reviews, method := 'tfidf_svd')")
    con.execute("CREATE TABLE vectors AS FROM embed_reviews(reviews, model := 'm')")
    con.execute("CREATE TABLE embedded AS FROM reviews JOIN vectors USING (review_id)")
    queries = {
        "text": "SELECT * FROM similar_reviews(embedded, '送餐太慢', model := 'm')",
        "review": "SELECT * FROM similar_reviews(embedded, 17)",
        "cosine": (
            "SELECT review_id, list_cosine_similarity(embedding, (SELECT embedding FROM vectors "
            "WHERE review_id = 17)) AS s FROM embedded ORDER BY s DESC LIMIT 10"
        ),
    }
    return {f"{name}_ms": 1000 * _median(con, query) for name, query in queries.items()}


def _median(con: duckdb.DuckDBPyConnection, query: str) -> float:
    taken = []
    for _ in range(SEARCHES):
        begun = time.perf_counter()
        assert len(con.execute(query).fetchall()) == 10
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def main() -> None:
    """Make the reviews, measure."""
    what, n = sys.argv[1], int(sys.argv[2])
    with ecomsql.connect() as con:
        con.execute(f"SET memory_limit = '{MEMORY}'" if what == "embed" else "SELECT 1")
        con.execute(
            f"""
            CREATE TABLE reviews AS
            WITH meals AS (
                SELECT row_number() OVER () - 1 AS place, text
                FROM '{DATA}/waimai_reviews.parquet'
            )
            SELECT i AS review_id, text || ' ' || i AS text
            FROM range(?) AS _(i) JOIN meals ON i % (SELECT count(*) FROM meals) = place
            """,
            [n],
        )
        figures = {"embed": embed, "search": search}[what](con, n)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**figures, "peak_mb": peak}))


if __name__ == "__main__":
    main()
