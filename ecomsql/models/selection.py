"""Method 'auto': picks a recommender by what the data allows and by a validation within it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ecomsql import options as check
from ecomsql.errors import OptionError, listed
from ecomsql.features.interactions import Interactions
from ecomsql.features.splits import any_out, last_out
from ecomsql.models import recommenders
from ecomsql.models.ranking_metrics import hits
from ecomsql.models.recommender import Recommender
from ecomsql.progress import track

DEPTH = 10
VALIDATION_USERS = 5_000
VALIDATION_PAIRS = 1_000_000
"""Larger data is validated on a sample of its users with about so many pairs in all."""
ENOUGH_USERS = 30
KNN_USERS = 100_000
"""Most users whose neighbours are worth looking for."""
ALS_PAIRS = 100_000
"""Most pairs that als is tried on beside user_knn."""
EASE_ITEMS = 15_000
"""Largest catalogue whose square Gram matrix is worth inverting here: 0.9 GB, 30 s."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A method with its options."""

    method: str
    options: dict[str, Any]

    @property
    def name(self) -> str:
        """Name for the metrics: ``'ease'``, or ``'ease (explicit)'``."""
        kind = self.options.get("feedback")
        return f"{self.method} ({kind})" if kind else self.method

    def fit(self, data: Interactions, *, seed: int) -> Recommender:
        """Fit it."""
        return recommenders.method(self.method).fit(data, seed=seed, **self.options)


def select(
    data: Interactions,
    *,
    seed: int,
    options: Mapping[str, Any],
    feedback: str,
    repeats: bool = False,
) -> Recommender:
    """Fit the method whose lists find most of what users took next.

    One item of each user (the last where there are times, else one by chance) is held out, for up
    to 5,000 users; every candidate is fitted on the rest and ranked by NDCG@10; the winner is
    fitted again on everything. ``metrics['auto']`` says what was picked, and why.

    Parameters
    ----------
    options : mapping
        Options of methods; they narrow the candidates to the methods that take them all.
    feedback : {'implicit', 'explicit'}
        With explicit feedback, each method that knows it runs both ways.
    repeats : bool
        Whether lists may hold what a user already has. The held-out items are all new to their
        users, and ease gives no item any weight for itself: it is left out then.
    """
    candidates, left_out = _candidates(data, options, feedback, repeats)
    sample = _sample(data, seed=seed)
    mask = _held_out(sample, seed=seed)
    if len(candidates) == 1 or mask.sum() < ENOUGH_USERS:
        picked = candidates[0]
        model = picked.fit(data, seed=seed)
        few = f"fewer than {ENOUGH_USERS} users have two items to validate on"
        why = few if len(candidates) > 1 else "no other method takes these options"
        model.metrics["auto"] = {"picked": picked.name, "why": why, "left_out": left_out}
        return model
    trials, tuned = _trials(candidates, sample, mask, seed=seed)
    best = max(candidates, key=lambda one: trials[one.name]["ndcg"])
    # What the winner chose by itself in its trial is not searched for again.
    model = Candidate(best.method, {**tuned[best.name], **best.options}).fit(data, seed=seed)
    model.metrics["auto"] = {
        "picked": best.name,
        "why": f"highest NDCG@{DEPTH} on one held-out item of {int(mask.sum())} users",
        "held_out": "last item" if data.steps is not None else "one item by chance",
        "trials": trials,
        "left_out": left_out,
    }
    return model


def _candidates(
    data: Interactions, options: Mapping[str, Any], feedback: str, repeats: bool
) -> tuple[list[Candidate], dict[str, str]]:
    """Return what to try, the safest with little data first, and what not, with the reason."""
    given = {name: value for name, value in options.items() if value is not None}
    names, left_out = _affordable(data, given, repeats)
    found: list[Candidate] = []
    for name in names:
        takes = check.keywords(recommenders.method(name).fit)
        if not given.keys() <= set(takes):
            left_out[name] = f"takes no {listed(sorted(given.keys() - set(takes)))}"
        elif feedback == "explicit" and "feedback" not in given and "feedback" in takes:
            found.append(Candidate(name, dict(given)))
            found.append(Candidate(name, {**given, "feedback": "explicit"}))
        else:
            found.append(Candidate(name, dict(given)))
    if not found:
        raise OptionError(f"no method that auto tries takes all of: {listed(sorted(given))}")
    return found, left_out


def _affordable(
    data: Interactions, given: Mapping[str, Any], repeats: bool
) -> tuple[list[str], dict[str, str]]:
    """Return the methods whose time and memory the size of the data allows, and the others."""
    names = ["item_knn", "popular"]
    left_out: dict[str, str] = {}
    pairs, knows_users = len(data.items), data.n_users <= KNN_USERS
    if knows_users:
        names.append("user_knn")
    else:
        left_out["user_knn"] = f"{data.n_users} users: more than {KNN_USERS}"
    if knows_users and pairs > ALS_PAIRS and not given:
        # Its time is better spent on ease; user_knn has ranked above it wherever both ran.
        left_out["als"] = f"{pairs} pairs: more than {ALS_PAIRS}, and user_knn is tried"
    else:
        names.append("als")
    if repeats:
        left_out["ease"] = "gives no item a weight for itself, and what is taken again counts"
    elif data.n_items <= EASE_ITEMS:
        names.append("ease")
    else:
        left_out["ease"] = f"{data.n_items} items: more than {EASE_ITEMS}"
        names.append("gfcf")
    return names, left_out


def _sample(data: Interactions, *, seed: int) -> Interactions:
    """Return the users to validate on: all, or a sample of them with about as many pairs."""
    if len(data.items) <= VALIDATION_PAIRS:
        return data
    share = VALIDATION_PAIRS / len(data.items)
    chosen = np.random.default_rng(seed).random(data.n_users) < share
    return data.take(np.flatnonzero(chosen))


def _held_out(data: Interactions, *, seed: int) -> np.ndarray:
    """Return a mask of one entry of each validation user."""
    mask = last_out(data) if data.steps is not None else any_out(data, seed=seed)
    entries = np.flatnonzero(mask)
    if len(entries) > VALIDATION_USERS:
        rng = np.random.default_rng(seed)
        mask[rng.choice(entries, len(entries) - VALIDATION_USERS, replace=False)] = False
    return mask


def _trials(
    candidates: list[Candidate], data: Interactions, mask: np.ndarray, *, seed: int
) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, Any]]]:
    """Return the figures of each candidate, and the options that each chose by itself."""
    train, truth = data.keep(~mask), data.keep(mask)
    asked = np.flatnonzero(truth.lengths)
    history, answer = train.take(asked), truth.take(asked)
    trials: dict[str, dict[str, float]] = {}
    tuned: dict[str, dict[str, Any]] = {}
    for candidate in track(candidates, "auto"):
        begun = time.perf_counter()
        model = candidate.fit(train, seed=seed)
        items, _ = model.recommend(history, DEPTH)
        found = hits(items, answer)
        gain = (found / np.log2(np.arange(2, found.shape[1] + 2))).sum(axis=1)
        trials[candidate.name] = {
            "ndcg": round(float(gain.mean()), 6),
            "seconds": round(time.perf_counter() - begun, 3),
        }
        open_options = check.keywords(recommenders.method(candidate.method).fit)
        tuned[candidate.name] = {
            name: model.metrics[name] for name in open_options if name in model.metrics
        }
    return trials, tuned
