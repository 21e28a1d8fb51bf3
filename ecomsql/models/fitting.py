"""Fits a recommender by the name of its method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecomsql import options as check
from ecomsql.features.interactions import Interactions
from ecomsql.models import recommenders
from ecomsql.models.recommender import Recommender
from ecomsql.models.selection import select

LATER = ("ncf", "gru4rec", "sasrec", "content", "hybrid")
"""Methods of the contract that are still to come."""


def methods() -> list[str]:
    """Return the names that `method` may have."""
    return [*recommenders.methods(), "auto"]


def fit(
    method: Any,
    data: Interactions,
    *,
    seed: int,
    options: Mapping[str, Any],
    feedback: str = "implicit",
    repeats: bool = False,
) -> Recommender:
    """Fit `method` on `data`.

    Parameters
    ----------
    method : str
        One of :func:`methods`.
    options : mapping
        The method's own options; None means its default.
    feedback : {'implicit', 'explicit'}
        What the weights are, unless `options` says so.

    repeats : bool
        Whether lists may hold what a user already has; 'auto' leaves out the methods that
        cannot tell whether an item is taken again.

    Raises
    ------
    OptionError
        For an unknown method, an option it does not have, or a value out of range.
    """
    name = check.choice("method", method, methods(), later=LATER)
    if name == "auto":
        return select(data, seed=seed, options=options, feedback=feedback, repeats=repeats)
    chosen = recommenders.method(name)
    own = check.accepted(name, chosen.fit, options)
    if feedback == "explicit" and _takes_feedback(chosen):
        own.setdefault("feedback", feedback)
    return chosen.fit(data, seed=seed, **own)


def _takes_feedback(chosen: type[Recommender]) -> bool:
    return "feedback" in check.keywords(chosen.fit)
