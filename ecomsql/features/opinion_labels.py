"""Ratings and labels of reviews as opinions: negative, neutral, positive."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ecomsql.errors import DataError, listed

NEGATIVE: Final = 0
NEUTRAL: Final = 1
POSITIVE: Final = 2
NAMES: Final = ("negative", "neutral", "positive")

Opinions = NDArray[np.int64]

SCALES = (5.0, 10.0, 100.0)
"""Highest ratings that a scale may have; the lowest that reaches over all ratings is taken."""
GOOD = 0.7
"""Share of the highest rating from which on a rating is praise: 4 of 5, 7 of 10."""
BAD = 0.4
"""Share of the highest rating up to which it is blame: 2 of 5, 4 of 10."""

_WORDS = {
    "negative": NEGATIVE, "neg": NEGATIVE, "bad": NEGATIVE, "false": NEGATIVE, "no": NEGATIVE,
    "n": NEGATIVE, "差评": NEGATIVE, "负面": NEGATIVE, "负": NEGATIVE, "消极": NEGATIVE,
    "neutral": NEUTRAL, "neu": NEUTRAL, "mixed": NEUTRAL, "中评": NEUTRAL, "中性": NEUTRAL,
    "positive": POSITIVE, "pos": POSITIVE, "good": POSITIVE, "true": POSITIVE, "yes": POSITIVE,
    "y": POSITIVE, "好评": POSITIVE, "正面": POSITIVE, "正": POSITIVE, "积极": POSITIVE,
}  # fmt: skip


def opinions(labels: Sequence[str | None], *, column: str, rated: bool = True) -> Opinions:
    """Return the opinion that each label stands for; -1 for none.

    Numbers are 0 and 1, or -1, 0 and 1, if there are no others, and else ratings: of 5, of 10 or of
    100, whichever is the least that is not exceeded. Up to 2 of 5 is negative, from 3.5 of 5 on
    positive.

    Parameters
    ----------
    labels : sequence of str or None
        As text.
    column : str
        Where they are from, for errors.
    rated : bool
        Whether other numbers are ratings; else they are an error.

    Raises
    ------
    DataError
        For a label that is neither a number nor a known word, and for ratings beyond 100.

    Examples
    --------
    >>> opinions(["5", "3", "1", None], column="rating").tolist()
    [2, 1, 0, -1]
    >>> opinions(["1", "0"], column="label").tolist()
    [2, 0]
    >>> opinions(["Positive", "差评", "neutral"], column="label").tolist()
    [2, 0, 1]
    """
    told = {one for one in labels if one is not None}
    numbers = {one: _number(one) for one in told}
    if all(value is None for value in numbers.values()):
        meant = {one: _WORDS.get(one.strip().lower()) for one in told}
    else:
        meant = _rated(numbers, rated=rated)
    strange = sorted(one for one, code in meant.items() if code is None)
    if strange:
        raise DataError(
            f"the column '{column}' holds '{strange[0]}', which is "
            f"{'neither a rating nor a label' if rated else 'no label (for ratings: rating_col)'}; "
            f"ratings are numbers from 0 to 5, 10 or 100, labels true, false, 1, 0 or: "
            f"{listed(NAMES)}"
        )
    codes = [-1 if one is None else meant[one] for one in labels]
    return np.array(codes, dtype=np.int64)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _rated(numbers: dict[str, float | None], *, rated: bool) -> dict[str, int | None]:
    """Return the opinion of each number, None for what is none."""
    values = {value for value in numbers.values() if value is not None}
    if values <= {0.0, 1.0} and 0.0 in values:
        return {one: None if value is None else round(2 * value) for one, value in numbers.items()}
    if values <= {-1.0, 0.0, 1.0} and -1.0 in values:
        return {one: None if value is None else round(value) + 1 for one, value in numbers.items()}
    top = next((scale for scale in SCALES if max(values) <= scale), None)
    if not rated or top is None or min(values) < 0:
        return dict.fromkeys(numbers)
    return {one: None if value is None else _opinion(value / top) for one, value in numbers.items()}


def _opinion(share: float) -> int:
    return POSITIVE if share >= GOOD else NEGATIVE if share <= BAD else NEUTRAL
