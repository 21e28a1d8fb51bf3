"""Reviews: a rating that follows the product, and words that follow rating and topic."""

from __future__ import annotations

import numpy as np
import polars as pl

from ecomsql.shop import vocabulary as words
from ecomsql.shop.assortment import CATEGORIES, Assortment
from ecomsql.shop.seasons import START

SHARE = 0.3
"""Share of orders' lines that get a review."""

MEAN, QUALITY, MOOD = 3.9, 0.8, 0.7
"""The rating before rounding: mean, weight of the product's quality, noise."""

RETURN_PENALTY = 1.5
"""What a returned line takes off the rating."""

CONTRARY = 0.1
"""Share of sentences that speak against the rating."""

CHINESE = 1 / 7
"""Share of Chinese reviews."""


def write_reviews(
    orders: pl.DataFrame, goods: Assortment, days: int, rng: np.random.Generator
) -> pl.DataFrame:
    """Return ``review_id, user_id, item_id, rating, text, ts``, by time; ids from 1."""
    lines = _reviewed(orders, days, rng)
    item = lines["item_id"].to_numpy() - 1
    noise = MOOD * rng.standard_normal(len(lines))
    penalty = RETURN_PENALTY * lines["returned"].to_numpy()
    raw = MEAN + QUALITY * goods.quality[item] - penalty + noise
    ratings = np.clip(np.round(raw), 1, 5).astype(np.int32)
    chinese = rng.random(len(lines)) < CHINESE
    texts = [
        _text(int(rating), CATEGORIES[c].name, in_chinese, rng)
        for rating, c, in_chinese in zip(ratings, goods.category[item], chinese, strict=True)
    ]
    return lines.select(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("review_id"),
        *("user_id", "item_id"),
        pl.Series("rating", ratings),
        pl.Series("text", texts, dtype=pl.String),
        "ts",
    )


def _reviewed(orders: pl.DataFrame, days: int, rng: np.random.Generator) -> pl.DataFrame:
    """Choose the lines to review, and when: 2 to 30 days after the order."""
    key = ["order_id", "item_id"]
    back = orders.filter(pl.col("quantity") < 0).select(*key, returned=pl.lit(True))
    lines = orders.filter(pl.col("quantity") > 0).join(
        back, on=key, how="left", maintain_order="left"
    )
    lines = lines.filter(pl.Series(rng.random(len(lines)) < SHARE, dtype=pl.Boolean))
    seconds = pl.Series(rng.integers(2 * 86_400, 30 * 86_400, len(lines)))
    after = pl.duration(seconds=pl.lit(seconds))
    end = pl.lit(START) + pl.duration(days=days)
    dated = lines.with_columns(pl.col("ts") + after, pl.col("returned").fill_null(False))
    return dated.filter(pl.col("ts") < end).sort("ts", *key)


def _text(rating: int, category: str, chinese: bool, rng: np.random.Generator) -> str:
    """Write an opening and one to three sentences."""
    openings = words.CHINESE_OPENINGS if chinese else words.ENGLISH_OPENINGS
    said = [_one(openings[rating - 1], rng)]
    cumulated = np.cumsum(words.TOPIC_SHARES.get(category, words.OTHER_SHARES))
    for _ in range(rng.integers(1, 4)):
        topic = min(int(np.searchsorted(cumulated, rng.random())), len(words.ENGLISH) - 1)
        said.append(_sentence(rating, topic, chinese, rng))
    return "".join(said) if chinese else " ".join(said)


def _sentence(rating: int, topic: int, chinese: bool, rng: np.random.Generator) -> str:
    """Praise or blame one thing of the topic; three stars do either."""
    good = rating > 3 if rating != 3 else rng.random() < 0.5
    if rng.random() < CONTRARY:
        good = not good
    things, praise, blame = (words.CHINESE if chinese else words.ENGLISH)[topic]
    thing, verdict = _one(things, rng), _one(praise if good else blame, rng)
    return f"{thing}{verdict}。" if chinese else f"The {thing} is {verdict}."


def _one(options: tuple[str, ...], rng: np.random.Generator) -> str:
    return options[rng.integers(len(options))]
