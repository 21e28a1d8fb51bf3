"""Runs one embedder over reviews of clothes, in a process of its own.

``python -m benchmarks.reviews.embeddings CONTESTANT`` prints one line of JSON. What it measures is
how often the five nearest reviews of one are of the same class of clothes (dresses, knits, ...),
and the seconds from texts to vectors of length 1, learning included.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable

import duckdb
import numpy as np

from benchmarks.datasets import DATA

DIMS = 256
ASKED = 4_000
"""Reviews whose neighbours are looked at."""
NEIGHBOURS = 5

Embedder = Callable[[list[str]], Callable[[], np.ndarray]]
"""Takes the texts where its library expects them, and gives what is measured."""


def main() -> None:
    """Load, warm up on a few reviews, embed, measure."""
    (contestant,) = sys.argv[1:2]
    texts, classes = reviews()
    embed = CONTESTANTS.get(contestant) or ours(contestant)
    embed(texts[:600])()
    asked = embed(texts)
    begun, before = time.perf_counter(), time.process_time()
    vectors = asked()
    seconds, cpu = time.perf_counter() - begun, time.process_time() - before
    figures = {
        "neighbours": agreement(vectors, classes),
        "total_s": seconds,
        "cpu_s": cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(figures))


def reviews() -> tuple[list[str], np.ndarray]:
    """Return texts and their classes."""
    found = duckdb.sql(f"""
        SELECT "Review Text" AS _text, "Class Name" AS _class
        FROM '{DATA}/womens_clothing.parquet'
        WHERE "Review Text" IS NOT NULL AND "Class Name" IS NOT NULL
    """).fetchnumpy()
    return list(found["_text"]), np.asarray(found["_class"], dtype=str)


def agreement(vectors: np.ndarray, classes: np.ndarray) -> float:
    """Return the share of nearest reviews, the review itself left out, that have its class."""
    asked = np.random.default_rng(0).choice(len(vectors), ASKED, replace=False)
    shares = []
    for start in range(0, ASKED, 500):
        rows = asked[start : start + 500]
        likeness = vectors[rows] @ vectors.T
        likeness[np.arange(len(rows)), rows] = -2.0
        nearest = np.argpartition(-likeness, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
        shares.append((classes[nearest] == classes[rows][:, None]).mean(axis=1))
    return float(np.concatenate(shares).mean())


def ours(method: str) -> Embedder:
    """Return what embed_reviews does with `method`, from SQL."""
    import ecomsql
    from ecomsql.cache import CACHE

    con = ecomsql.connect()

    def embed(texts: list[str]) -> Callable[[], np.ndarray]:
        con.execute(
            "CREATE OR REPLACE TEMP TABLE reviews AS "
            "SELECT unnest(range(len($1))) AS review_id, unnest($1) AS text",
            [texts],
        )

        def asked() -> np.ndarray:
            CACHE.clear()
            query = "SELECT embedding FROM embed_reviews(reviews, method := $1) ORDER BY review_id"
            chunks = con.sql(query, params=[method]).to_arrow_table()["embedding"].chunks
            flat = np.concatenate([one.flatten().to_numpy() for one in chunks])
            return flat.reshape(-1, DIMS)

        return asked

    return embed


def naive(texts: list[str]) -> Callable[[], np.ndarray]:
    """Draw vectors at random."""
    shape = (len(texts), DIMS)
    return lambda: _unit(np.random.default_rng(0).standard_normal(shape, dtype=np.float32))


def words(texts: list[str]) -> Callable[[], np.ndarray]:
    """Use scikit-learn's TfidfVectorizer and TruncatedSVD as they come."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    def asked() -> np.ndarray:
        inputs = TfidfVectorizer().fit_transform(texts)
        return _unit(TruncatedSVD(DIMS, random_state=0).fit_transform(inputs))

    return asked


def characters(texts: list[str]) -> Callable[[], np.ndarray]:
    """Use the same on words and sequences of three to five characters within them, sublinear."""
    from scipy.sparse import hstack
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    def asked() -> np.ndarray:
        sides = [
            TfidfVectorizer(sublinear_tf=True, min_df=2),
            TfidfVectorizer(sublinear_tf=True, min_df=2, analyzer="char_wb", ngram_range=(3, 5)),
        ]
        inputs = hstack([one.fit_transform(texts) for one in sides], "csr")
        return _unit(TruncatedSVD(DIMS, random_state=0).fit_transform(inputs))

    return asked


def _unit(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)


CONTESTANTS: dict[str, Embedder] = {
    "naive": naive,
    "sklearn_words": words,
    "sklearn_characters": characters,
}


if __name__ == "__main__":
    main()
