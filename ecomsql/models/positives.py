"""Which interactions say that a user liked an item."""

from __future__ import annotations

from ecomsql import options
from ecomsql.features.interactions import Interactions

SHARE = 0.8
"""Ratings of at least this share of the highest are taken as liked: 4 and 5 of 5 stars."""


def threshold(data: Interactions, feedback: str) -> float:
    """Return the least weight that counts as liked.

    0 for ``feedback='implicit'``: whatever was taken. For ``'explicit'``, 80 % of the highest
    rating in the data (Liang et al., "Variational autoencoders for collaborative filtering",
    2018).

    Raises
    ------
    OptionError
        For another `feedback`.
    """
    kind = options.choice("feedback", feedback, ["implicit", "explicit"])
    return 0.0 if kind == "implicit" else SHARE * float(data.weights.max(initial=0.0))


def positives(data: Interactions, least: float) -> Interactions:
    """Return the entries with a weight of at least `least`; users stay, perhaps empty."""
    return data.keep(data.weights >= least) if least > 0 else data
