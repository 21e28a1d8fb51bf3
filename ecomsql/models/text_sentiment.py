"""The sentiment of texts: a name and a score from -1 to 1."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.opinion_labels import NAMES, NEUTRAL
from ecomsql.features.text_units import chunks, units_of
from ecomsql.models.lexicon_sentiment import lexicon_scores, sentiment_codes
from ecomsql.models.sentiment_model import SentimentModel
from ecomsql.models.text_classifier import Scores

__all__ = ["NAMES", "by_lexicon", "by_model"]

Codes = NDArray[np.int64]


def by_lexicon(texts: Sequence[str]) -> tuple[Codes, Scores]:
    """Return codes of :data:`NAMES` and scores; see :mod:`~ecomsql.models.lexicon_sentiment`."""
    scores = lexicon_scores(texts)
    return sentiment_codes(scores), scores


def by_model(model: SentimentModel, texts: Sequence[str]) -> tuple[Codes, Scores]:
    """Return the most probable opinions, and how probable praise is minus how probable blame is.

    A text with nothing to read is neutral, with the score 0.

    Returns
    -------
    codes : int64 array, shape (texts,)
        Of :data:`NAMES`.
    scores : float64 array, shape (texts,)
        From -1 to 1.
    """
    chances = model.probabilities(texts)
    classes = np.array(model.classes)
    codes, scores = classes[chances.argmax(axis=1)], chances @ (classes - NEUTRAL)
    empty = _empty(texts)
    return np.where(empty, NEUTRAL, codes), np.where(empty, 0.0, scores)


def _empty(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Return which texts have no word, ideograph or emoji."""
    found = np.ones(len(texts), dtype=bool)
    for start, piece in chunks(texts):
        found[start + np.unique(units_of(piece).texts)] = False
    return found
