"""What a user's history counts for when neighbourhood methods score items from it."""

from __future__ import annotations

import numpy as np

from ecomsql.errors import OptionError, did_you_mean, listed
from ecomsql.features.interactions import Floats, Interactions
from ecomsql.progress import track

FEEDBACK = ("implicit", "explicit")
LEAST = 1e-20
"""Decay never goes below this, so that an old item still outranks an unrelated one."""


def check_feedback(feedback: str) -> str:
    """Return `feedback` if it is one of the two kinds, else raise OptionError."""
    if feedback not in FEEDBACK:
        hint = did_you_mean(str(feedback), FEEDBACK)
        raise OptionError(f"feedback is one of {listed(FEEDBACK)}, not '{feedback}'{hint}")
    return feedback


def check_recency(recency: float | None, default: float) -> float:
    """Return `recency`, or `default` for None; outside (0, 1] is an OptionError."""
    if recency is None:
        return default
    if isinstance(recency, bool) or not isinstance(recency, int | float) or not 0 < recency <= 1:
        raise OptionError(f"recency is above 0 and at most 1, not {recency}")
    return float(recency)


def check_neighbours(neighbours: int) -> int:
    """Return `neighbours`; what is no whole number of at least 1 is an OptionError."""
    is_number = isinstance(neighbours, int | float) and not isinstance(neighbours, bool)
    if not is_number or not neighbours >= 1 or neighbours % 1:
        raise OptionError(f"neighbours is at least 1, not {neighbours}")
    return int(neighbours)


def decay(history: Interactions, recency: float) -> Floats:
    """Return ``recency ** steps`` of each entry, shape (n,); 1 where there are no times.

    Exponential decay of a user's older items, after Ding and Li, "Time weight collaborative
    filtering" (2005), counted in steps and not in days, as shops differ in pace.
    """
    if history.steps is None or recency == 1:
        return np.ones(len(history.items), dtype=np.float32)
    return np.maximum(np.float64(recency) ** history.steps, LEAST).astype(np.float32)


def damped(weights: Floats) -> Floats:
    """Return ``log2(1 + w)``: 1 stays 1, and a hundred pieces do not count as a hundred."""
    logs = np.log1p(weights.astype(np.float64)) / np.log(2)
    strengths: Floats = np.maximum(logs, LEAST).astype(np.float32)
    return strengths


def never(rows: Interactions) -> Floats:
    """Return ``-inf`` for each entry, shape (n,): added to scores, it takes out what was seen."""
    return np.full(len(rows.items), -np.inf, dtype=np.float32)


def user_means(ratings: Interactions) -> Floats:
    """Return the mean weight of each user, shape (n_users,); 0 without any."""
    sums = np.bincount(ratings.users, weights=ratings.weights, minlength=ratings.n_users)
    means: Floats = (sums / np.maximum(ratings.lengths, 1)).astype(np.float32)
    return means


def cut_long(data: Interactions, limit: int, *, seed: int) -> Interactions:
    """Return `data` with a random sample of `limit` items of each user who has more.

    Pairs of items grow with the square of a history's length, so one crawler can cost more than
    all customers. Sampling such histories leaves the neighbours as good: the interaction cut of
    Schelter, Boden and Markl, "Scalable similarity-based neighborhood methods with MapReduce"
    (2012).
    """
    long = np.flatnonzero(data.lengths > limit)
    if len(long) == 0:
        return data
    random = np.random.default_rng(seed)
    mask = np.ones(len(data.items), dtype=np.bool_)
    for user in track(long, "cut long histories"):
        first, last = data.offsets[user], data.offsets[user + 1]
        mask[first + random.permutation(last - first)[limit:]] = False
    return data.keep(mask)
