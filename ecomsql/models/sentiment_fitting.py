"""Learns opinions from texts with labels: validation, blend, calibration, and then all texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ecomsql import options as check
from ecomsql.errors import DataError
from ecomsql.features.opinion_labels import NAMES, Opinions
from ecomsql.features.text_counts import counted_terms
from ecomsql.models import sentiments
from ecomsql.models.blend import Blend
from ecomsql.models.folds import folds
from ecomsql.models.lexicon_odds import lexicon_odds
from ecomsql.models.sentiment_model import IDEOGRAPHS, WORDS, SentimentModel
from ecomsql.models.table_metrics import table_metrics
from ecomsql.models.target import Target
from ecomsql.models.text_classifier import Scores, TextClassifier
from ecomsql.models.workers import workers

FOLDS = 3
LEAST = 10
"""Texts of an opinion, at least; one with fewer is not learned."""
FEW = 1_000
"""Texts below which a term that one of them has counts too."""


def methods() -> list[str]:
    """Return the names that `method` may have, of those that learn."""
    return [*sentiments.methods(), "auto"]


def learnable(labels: Opinions) -> list[int]:
    """Return the opinions that enough texts have."""
    return [code for code in range(len(NAMES)) if int((labels == code).sum()) >= LEAST]


def fit_sentiment(
    method: Any, texts: Sequence[str], labels: Opinions, *, seed: int
) -> SentimentModel:
    """Fit `method` on texts with labels, whatever their order.

    Every text is classified once by models that have not seen it. These figures say how strong
    penalties should be and how long networks should learn, how to calibrate, and with 'auto' how
    to blend the methods and the lexicon; what is kept learns from all texts.

    Parameters
    ----------
    method : str
        One of :func:`methods`.
    texts : sequence of str
    labels : int64 array, shape (texts,)
        Opinions; -1 for none.
    seed : int

    Raises
    ------
    OptionError
        For an unknown method.
    DataError
        If fewer than two opinions have at least ten texts each.
    """
    name = check.choice("method", method, methods())
    names = sentiments.methods() if name == "auto" else [name]
    classes = learnable(labels)
    if len(classes) < 2:
        raise DataError(_too_few(labels))
    order = _order(texts, labels, classes, seed)
    kept = [texts[at] for at in order]
    target = Target(np.searchsorted(classes, labels[order]).astype(np.float64), len(classes))
    least = 2 if len(kept) >= FEW else 1
    vocabulary, counts = counted_terms(kept, words=WORDS, ideographs=IDEOGRAPHS, least=least)
    raws, efforts = _validated(names, counts, target, seed)
    if name == "auto":
        raws.append(lexicon_odds(kept, target.outputs))
    blend = Blend.fit(raws, target)
    metrics = _metrics([*names, "lexicon"][: len(raws)], raws, blend, target)
    used = [at for at in range(len(names)) if blend.weights[at] > 0] or [0]
    blend = Blend(blend.weights[[*used, *range(len(names), len(raws))]], blend.shift)
    chosen = {names[at]: efforts[at] for at in used}
    members = _members(chosen, counts, target, seed)
    return SentimentModel(vocabulary, members, blend, tuple(classes), metrics)


def _order(
    texts: Sequence[str], labels: Opinions, classes: list[int], seed: int
) -> NDArray[np.int64]:
    """Return the texts to learn from, in an order that looks random and follows from them."""
    there = np.flatnonzero(np.isin(labels, classes)).tolist()
    ranked = sorted(there, key=lambda at: (texts[at], labels[at]))
    return np.array(ranked)[np.random.default_rng(seed).permutation(len(ranked))]


def _validated(
    names: list[str], counts: csr_matrix, target: Target, seed: int
) -> tuple[list[Scores], list[float]]:
    """Return log-odds by models that have not seen the texts, and the best effort, by method."""
    dealt = folds(target, FOLDS)
    raws = [np.zeros((len(target), target.outputs)) for _ in names]
    efforts = np.zeros((len(names), FOLDS))

    def fit(piece: tuple[int, int]) -> None:
        at, fold = piece
        seen, held = np.flatnonzero(dealt != fold), np.flatnonzero(dealt == fold)
        watch = (counts[held], target.take(held))
        model = sentiments.method(names[at]).fit(
            counts[seen], target.take(seen), seed=seed, watch=watch
        )
        raws[at][held] = model.raw(counts[held])
        efforts[at, fold] = model.effort

    with workers() as run:
        # The slowest method, the last, first.
        run(fit, [(at, fold) for at in reversed(range(len(names))) for fold in range(FOLDS)])
    return raws, [float(np.median(one)) for one in efforts]


def _members(
    efforts: dict[str, float], counts: csr_matrix, target: Target, seed: int
) -> tuple[TextClassifier, ...]:
    """Fit methods on all texts, one a core."""
    fitted: dict[str, TextClassifier] = {}

    def fit(name: str) -> None:
        one = sentiments.method(name)
        fitted[name] = one.fit(counts, target, seed=seed, effort=efforts[name])

    with workers() as run:
        run(fit, reversed(list(efforts)))
    return tuple(fitted[name] for name in efforts)


def _metrics(names: list[str], raws: list[Scores], blend: Blend, target: Target) -> dict[str, Any]:
    counts = np.bincount(target.codes, minlength=target.classes)
    found: dict[str, Any] = {
        "validation": table_metrics(blend(raws), target),
        "weights": dict(zip(names, np.round(blend.weights, 4).tolist(), strict=True)),
        "classes": counts.tolist(),
    }
    if len(names) > 1:
        found["candidates"] = {
            name: table_metrics(Blend.fit([raw], target)([raw]), target)
            for name, raw in zip(names, raws, strict=True)
        }
    return found


def _too_few(labels: Opinions) -> str:
    counts = np.bincount(labels[labels >= 0], minlength=len(NAMES))
    told = ", ".join(f"{count} {name}" for name, count in zip(NAMES, counts, strict=True))
    return (
        f"there is too little to learn from: two opinions with at least {LEAST} texts each are "
        f"needed, and there are {told}"
    )
