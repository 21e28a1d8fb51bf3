"""Looks for copies among generated reviews, in a process of its own.

``python -m benchmarks.reviews.duplicates N CONTESTANT`` prints one line of JSON. Precision is the
share of what a contestant calls copies that are as similar as asked for to the review that they are
said to be a copy of; recall the share of planted copies that are, and that it found.
"""

from __future__ import annotations

import json
import multiprocessing
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from benchmarks.reviews.planted import THRESHOLD, similarity, write

Found = dict[int, int]
PERMUTATIONS = 128
LEAN_TO_RECALL = (0.1, 0.9)


def ecomsql_sql(file: str) -> Found:
    """Ask in SQL."""
    import ecomsql

    with ecomsql.connect() as con:
        con.execute("SET threads = 2")
        rows = con.execute(
            "SELECT review_id, duplicate_of FROM duplicate_reviews(?, threshold := ?)",
            [file, THRESHOLD],
        )
        return dict(rows.fetchall())


def equal_sql(file: str) -> Found:
    """Group equal texts."""
    return _equal(f"SELECT review_id, text FROM '{file}'")


def cleaned_sql(file: str) -> Found:
    """Group texts that are equal but for capitals, HTML and punctuation."""
    return _equal(rf"""
        SELECT review_id, trim(regexp_replace(
            regexp_replace(lower(text), '<[^>]*>', ' ', 'g'), '[^\w]+', ' ', 'g'
        )) AS text
        FROM '{file}'
    """)


def datasketch_library(file: str) -> Found:
    """Look each text up among those before it, by MinHash and LSH, as datasketch's manual does."""
    from datasketch import MinHashLSH

    lsh = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    found: Found = {}
    for at, _, sketch in _sketched(file):
        if alike := lsh.query(sketch):
            found[at] = min(alike)
        else:
            lsh.insert(at, sketch)
    return found


def datasketch_verified(file: str) -> Found:
    """Do so with parameters that miss less, and compare what is found."""
    from datasketch import MinHashLSH

    lsh = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, weights=LEAN_TO_RECALL)
    found: Found = {}
    kept: dict[int, set[bytes]] = {}
    for at, pairs, sketch in _sketched(file):
        mine = set(pairs)
        alike = (
            one
            for one in sorted(lsh.query(sketch))
            if len(mine & kept[one]) >= THRESHOLD * len(mine | kept[one])
        )
        if (first := next(alike, None)) is not None:
            found[at] = first
        else:
            lsh.insert(at, sketch)
            kept[at] = mine
    return found


def _sketched(file: str) -> Iterator[tuple[int, list[bytes], object]]:
    """Yield texts, cleaned: the pairs of neighbouring words, and their sketch."""
    from datasketch import MinHash

    for at, (text,) in enumerate(_texts(file)):
        words = re.sub(r"<[^>]*>", " ", text.lower()).replace("!", " ").split()
        pairs = [f"{a} {b}".encode() for a, b in zip(["", *words], [*words, ""], strict=True)]
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch(pairs)
        yield at, pairs, sketch


def _equal(query: str) -> Found:
    with duckdb.connect() as con:
        con.execute("SET threads = 2")
        rows = con.execute(f"""
            WITH firsts AS (
                SELECT review_id, min(review_id) OVER (PARTITION BY text) AS first FROM ({query})
            )
            FROM firsts WHERE review_id > first
        """)
        return dict(rows.fetchall())


def _texts(file: str) -> list[tuple[str]]:
    return duckdb.execute("SELECT text FROM read_parquet(?) ORDER BY review_id", [file]).fetchall()


CONTESTANTS: dict[str, Callable[[str], Found]] = {
    one.__name__: one
    for one in (ecomsql_sql, equal_sql, cleaned_sql, datasketch_library, datasketch_verified)
}


def main() -> None:
    """Warm up on a few texts, find copies, measure."""
    n, contestant = int(sys.argv[1]), CONTESTANTS[sys.argv[2]]
    with tempfile.TemporaryDirectory() as folder:
        few, many = (str(Path(folder) / f"{size}.parquet") for size in (100, n))
        # Elsewhere, so that the peak is that of looking for copies.
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            originals = pool.starmap(write, [(100, few), (n, many)])[1]
        contestant(few)
        before, begun = _cpu_s(), time.perf_counter()
        found = contestant(many)
        seconds, cpu = time.perf_counter() - begun, _cpu_s() - before
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        texts = [text for (text,) in _texts(many)]
    figures = {
        **_quality(texts, originals, found),
        "rows_a_second": n / seconds,
        "total_s": seconds,
        "cpu_s": cpu,
        "peak_mb": peak,
    }
    print(json.dumps(figures))


def _quality(texts: list[str], originals: Found, found: Found) -> dict[str, float]:
    """Return precision and recall; what was planted but is not similar enough does not count."""
    true = [
        copy
        for copy, original in originals.items()
        if similarity(texts[copy], texts[original]) >= THRESHOLD
    ]
    right = [similarity(texts[copy], texts[of]) >= THRESHOLD for copy, of in found.items()]
    return {
        "precision": sum(right) / max(len(right), 1),
        "recall": sum(copy in found for copy in true) / len(true),
    }


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
