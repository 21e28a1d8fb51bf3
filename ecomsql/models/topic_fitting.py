"""Topics of texts: learned, and judged on texts that were held out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from ecomsql import options as check
from ecomsql.errors import DataError
from ecomsql.features.spelled_terms import spelled_terms
from ecomsql.models.npmi import npmi
from ecomsql.models.topic_lda import Lda
from ecomsql.models.topic_model import METHODS, TopicModel
from ecomsql.models.topic_nmf import Nmf
from ecomsql.models.topic_number import WORDS, Tried, choose_number, held_out
from ecomsql.models.topic_prediction import can_foretell, predictive_perplexity
from ecomsql.models.topic_words import relevant_words

MOST = 500
"""Topics at most."""


def fit_topics(
    method: Any, texts: Sequence[str], *, topics: Any, seed: int
) -> tuple[TopicModel, csr_matrix, list[Tried]]:
    """Learn topics of texts, whatever their order; equal texts count once.

    Parameters
    ----------
    method : {'lda', 'nmf'}
    texts : sequence of str
    topics : int from 1 to 500, or None
        How many; None: see :func:`~ecomsql.models.topic_number.choose_number`.
    seed : int

    Returns
    -------
    model : TopicModel
    counts : csr_matrix of float32, shape (texts, terms)
        What it learned from.
    tried : list of Tried
        Numbers of topics that were tried.

    Raises
    ------
    OptionError
        For another method or number.
    DataError
        If no text has a word that could tell a topic.
    """
    name = check_method(method)
    number = None if topics is None else check_topics(topics)
    vocabulary, spelling, counts = spelled_terms(sorted(set(texts)))
    if not counts.nnz:
        raise DataError("no text has a word that could tell what it is about")
    fit = partial(_fit, name, seed)
    tried: list[Tried] = []
    if number is None:
        number, tried = choose_number(counts, fit, seed=seed)
    return TopicModel(fit(counts, number), vocabulary, spelling), counts, tried


def check_method(method: Any) -> str:
    """Return the name of a method; raise OptionError for one that is not there."""
    return check.choice("method", method, METHODS)


def check_topics(topics: Any) -> int:
    """Return a number of topics; raise OptionError for none from 1 to 500."""
    whole = check.whole("topics", topics, at_least=1)
    return int(check.number("topics", whole, low=1, high=MOST))


def judged(
    model: TopicModel, counts: csr_matrix, tried: list[Tried], *, seed: int
) -> dict[str, Any]:
    """Return figures of a model: how coherent it is, and how well such topics foretell.

    ``perplexity`` is of held-out texts, by topics that are learned from the others anew; None
    where there are too few texts.
    """
    inner = model.model
    coherence = npmi(counts, relevant_words(inner.words, inner.usual, WORDS))
    learned, held = held_out(counts, seed=seed)
    perplexity = None
    if learned.nnz and can_foretell(held, seed=seed):
        other = _fit(inner.method, seed, learned, inner.topics)
        perplexity = predictive_perplexity(other, held, seed=seed)
    figures: dict[str, Any] = {
        "topics": inner.topics,
        "words": len(model.spelling),
        "perplexity": perplexity,
        "coherence": float(coherence.mean()),
        "coherence_by_topic": np.round(coherence, 4).tolist(),
    }
    return figures | ({"tried": [asdict(one) for one in tried]} if tried else {})


def _fit(method: str, seed: int, counts: csr_matrix, topics: int) -> Lda | Nmf:
    return METHODS[method].fit(counts, topics, seed=seed)
