"""The reviews, and which of them are there to learn from.

A review is of the test part by the MD5 sum of its text: the same whatever the order of rows and the
version of the database, and a text that occurs twice is on one side only. Of what is here the words
of the lexicon were chosen by looking at the training parts alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import numpy as np

from benchmarks.datasets import DATA

TEST = 5
"""One review in so many is of the test part."""


@dataclass(frozen=True)
class Reviews:
    """Texts and whether each is good: of the part to learn from, and of the part to measure on."""

    texts: list[str]
    good: np.ndarray
    is_test: np.ndarray

    def part(self, *, test: bool) -> tuple[list[str], np.ndarray]:
        """Return texts and labels of one of both parts."""
        chosen = np.flatnonzero(self.is_test == test)
        return [self.texts[at] for at in chosen], self.good[chosen]


def womens_clothing() -> Reviews:
    """Return English reviews of clothes, title and text, and whether they recommend."""
    return _read(
        """concat_ws('. ', "Title", "Review Text")""", '"Recommended IND"', "womens_clothing"
    )


def waimai_reviews() -> Reviews:
    """Return Chinese reviews of meals delivered, and whether they are good."""
    return _read("text", "label", "waimai_reviews")


def _read(text: str, label: str, file: str) -> Reviews:
    columns = duckdb.sql(f"""
        SELECT _text, _label = 1 AS _good, ('0x' || md5(_text)[:8])::BIGINT % {TEST} = 0 AS _is_test
        FROM (SELECT {text} AS _text, {label} AS _label FROM '{DATA}/{file}.parquet')
        WHERE length(_text) > 0
    """).fetchnumpy()
    return Reviews(list(columns["_text"]), columns["_good"], columns["_is_test"])


REVIEWS: dict[str, tuple[Callable[[], Reviews], tuple[str, ...], str]] = {
    "womens_clothing": (womens_clothing, ("womens_clothing.parquet",), "English, clothes"),
    "waimai_reviews": (waimai_reviews, ("waimai_reviews.parquet",), "Chinese, meals delivered"),
}
