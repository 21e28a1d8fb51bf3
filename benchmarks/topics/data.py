"""Reviews as counts of words, a fifth of them held out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import duckdb
import numpy as np
from scipy.sparse import csr_matrix

from benchmarks.datasets import DATA

FILE = "womens_clothing.parquet"


@dataclass
class Reviews:
    """Counts of words in reviews: in at least 5 that are learned from, no English stop word.

    Attributes
    ----------
    learned, held_out : csr_matrix of float32, shape (reviews, words)
        Which is which follows from a hash of the text.
    """

    learned: csr_matrix
    held_out: csr_matrix

    @cached_property
    def usual(self) -> np.ndarray:
        """How probable each word is anywhere."""
        totals = self.learned.sum(axis=0, dtype=np.float64).A1 + 0.01
        return totals / totals.sum()


def reviews() -> Reviews:
    """Count the words of the reviews of women's clothing."""
    from sklearn.feature_extraction.text import CountVectorizer

    query = f"""
        SELECT "Review Text" FROM '{DATA}/{FILE}' WHERE "Review Text" IS NOT NULL ORDER BY ALL
    """
    texts = np.array([text for (text,) in duckdb.sql(query).fetchall()])
    held = np.array([int(hashlib.md5(one.encode()).hexdigest()[:8], 16) % 5 == 0 for one in texts])
    words = CountVectorizer(min_df=5, stop_words="english", dtype=np.float32)
    learned = csr_matrix(words.fit_transform(texts[~held]))
    return Reviews(learned, csr_matrix(words.transform(texts[held])))
