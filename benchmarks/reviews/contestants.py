"""Who scores reviews without labels: above 0 means good."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

Scorer = Callable[[Sequence[str]], np.ndarray]


def naive(texts: Sequence[str]) -> np.ndarray:
    """Call every review good."""
    return np.ones(len(texts))


def lexicon(texts: Sequence[str]) -> np.ndarray:
    """Score by this project's lexicon of both languages."""
    from ecomsql.models.lexicon_sentiment import lexicon_scores

    return lexicon_scores(texts)


def vader(texts: Sequence[str]) -> np.ndarray:
    """Score by VADER, for English."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()
    return np.array([analyser.polarity_scores(one)["compound"] for one in texts])


def snownlp(texts: Sequence[str]) -> np.ndarray:
    """Score by SnowNLP, for Chinese: a model that comes trained, on reviews of a shop."""
    from snownlp import SnowNLP

    return np.array([SnowNLP(one).sentiments - 0.5 for one in texts])


CONTESTANTS: dict[str, Scorer] = {one.__name__: one for one in (naive, lexicon, vader, snownlp)}
