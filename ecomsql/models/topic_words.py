"""The words that tell what a topic is about."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.interactions import Floats

BALANCE = 0.6
"""How much a word's probability in the topic counts; the rest is how special it is to it."""


def relevant_words(
    words: Floats, usual: Floats, n: int, *, balance: float = BALANCE
) -> NDArray[np.int64]:
    """Return the `n` most relevant words of each topic, the first the most.

    Relevance (Sievert, Shirley: LDAvis, 2014) is ``balance * log(p)`` plus ``(1 - balance) *
    log(p / usual)``: with 1, words that are frequent everywhere come first in every topic, with 0
    words so rare that they are nowhere else. The authors found 0.6 to be best understood.

    Parameters
    ----------
    words : float32 array, shape (topics, words)
        Probabilities ``p`` of words in topics.
    usual : float32 array, shape (words,)
        Probabilities of words over all topics.
    n : int
        No more than there are words come back.
    balance : float from 0 to 1

    Returns
    -------
    int64 array, shape (topics, min(n, words))
        Of words of the same relevance the first comes first.
    """
    tiny = np.finfo(np.float32).tiny
    inside = np.log(np.maximum(words, tiny).astype(np.float64))
    outside = np.log(np.maximum(usual, tiny).astype(np.float64))
    relevance = np.where(words > 0, inside - (1.0 - balance) * outside, -np.inf)
    return np.argsort(-relevance, axis=1, kind="stable")[:, :n]
