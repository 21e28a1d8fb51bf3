"""How good probabilities of two classes are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


def auc(positive: NDArray[np.bool_], score: Values) -> float:
    """Return the chance that a positive is scored above a negative, ties counted half.

    NaN if there is only one class.
    """
    order = np.argsort(score, kind="stable")
    ranked = score[order]
    first = np.concatenate([[True], ranked[1:] != ranked[:-1]])
    start = np.flatnonzero(first)
    stop = np.concatenate([start[1:], [len(ranked)]])
    ranks = np.repeat((start + stop + 1) / 2, stop - start)
    n_positive = int(positive.sum())
    n_negative = len(positive) - n_positive
    if n_positive == 0 or n_negative == 0:
        return float("nan")
    total = ranks[positive[order]].sum()
    return float((total - n_positive * (n_positive + 1) / 2) / (n_positive * n_negative))


def average_precision(positive: NDArray[np.bool_], score: Values) -> float:
    """Return the mean precision over the positives, best scored first; NaN without a positive."""
    if not positive.any():
        return float("nan")
    order = np.argsort(-score, kind="stable")
    found = np.cumsum(positive[order])
    last = np.concatenate([np.diff(score[order]) != 0, [True]])
    precision = found[last] / (np.flatnonzero(last) + 1)
    gained = np.diff(np.concatenate([[0], found[last]])) / found[-1]
    return float(gained @ precision)


def calibration_error(happened: NDArray[np.bool_], probability: Values, bins: int = 10) -> float:
    """Return how far probabilities are from what happened, on average over bins of equal size.

    The expected calibration error (Naeini, Cooper, Hauskrecht, 2015): 0 is perfectly reliable.
    """
    order = np.argsort(probability, kind="stable")
    total = 0.0
    for part in np.array_split(order, bins):
        if len(part):
            total += len(part) * abs(float(probability[part].mean() - happened[part].mean()))
    return total / max(len(order), 1)


def best_threshold(positive: NDArray[np.bool_], probability: Values, measure: str) -> float:
    """Return the probability from which on to say yes, for the best of a measure.

    Parameters
    ----------
    measure : {'f1', 'balanced'}
        The harmonic mean of precision and recall, or the mean of the recalls of both classes.

    Returns
    -------
    float
        Halfway between two neighbouring probabilities; 0.5 where there is only one class.
    """
    if positive.all() or not positive.any():
        return 0.5
    order = np.argsort(-probability, kind="stable")
    ranked = probability[order]
    last = np.concatenate([np.diff(ranked) != 0, [True]])
    told = np.flatnonzero(last) + 1.0
    right = np.cumsum(positive[order])[last]
    n_positive, n_negative = positive.sum(), (~positive).sum()
    if measure == "f1":
        good = 2.0 * right / (told + n_positive)
    else:
        good = right / n_positive - (told - right) / n_negative
    best = int(good.argmax())
    least = ranked[last]
    below = least[best + 1] if best + 1 < len(least) else least[best]
    return float((least[best] + below) / 2.0)
