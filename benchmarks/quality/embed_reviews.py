"""Reviews as vectors: are the nearest ones of the same class, and how long does it take."""

from __future__ import annotations

from benchmarks.datasets import DATA
from benchmarks.report import Run, Table

TITLE = "embed_reviews"
PROGRAM = "benchmarks.reviews.embeddings"
FILE = "womens_clothing.parquet"
CONTESTANTS = {
    "random vectors": "naive",
    "scikit-learn TfidfVectorizer, TruncatedSVD": "sklearn_words",
    "scikit-learn, with parts of words": "sklearn_characters",
    "hash": "hash",
    "tfidf_svd": "tfidf_svd",
    "autoencoder": "autoencoder",
}


def tables(run: Run) -> list[Table]:
    """Measure every contestant on reviews of clothes."""
    if not run.wants("womens_clothing"):
        return []
    if not (DATA / FILE).exists():
        run.skip("womens_clothing", f"no file {FILE}; set ECOMSQL_DATA")
        return []
    what = "22,628 reviews, 256 numbers; share of the five nearest that have the same class"
    table = Table(f"{TITLE} on womens_clothing", what)
    for label, contestant in CONTESTANTS.items():
        table.add(label, run.child(contestant, program=PROGRAM))
    return [table]
