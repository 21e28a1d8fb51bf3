"""What is to be said of each item's price, in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.item_groups import Floats

FLAT = -1e-6
"""Elasticity from which on demand does not fall with the price."""
INELASTIC = -1.0
CLOSE = 1e-9
UNSURE, UNSURE_STAYS = "gain not certain", "gain not certain, so the price stays"
OF_OTHERS = "elasticity of other items"


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What came of the choice; arrays of shape (n_items,), but for `prices` (n_items, n_prices).

    Attributes
    ----------
    current, optimal, low, high : float64 arrays
        Prices, and bounds of them.
    prices : float64 array
        Candidates, the current price first.
    cost : float64 array
        NaN where it is needed and not known.
    slope : float64 array
        Elasticities.
    moves, unsure : bool arrays
        Whether there was a choice; whether the gain may be none.
    cautious : bool
        Whether unsure prices stay.
    """

    current: Floats
    optimal: Floats
    low: Floats
    high: Floats
    prices: Floats
    cost: Floats
    slope: Floats
    moves: NDArray[np.bool_]
    unsure: NDArray[np.bool_]
    cautious: bool


def statuses(outcome: Outcome, told: list[str], method: str) -> list[str]:
    """Return 'ok', or what stands most against it, one of a few texts, of each item.

    Parameters
    ----------
    outcome : Outcome
    told : list of str, one an item
        What is said of elasticities.
    method : str
        Whether those of the log-linear model are all there is.
    """
    others = outcome.prices[:, 1:]
    is_other = np.isfinite(others) & ~np.isclose(others, outcome.current[:, None], rtol=CLOSE)
    has_choice = is_other.any(axis=1).tolist()
    top, bottom = (
        pick(np.where(np.isfinite(outcome.prices), outcome.prices, fill), axis=1)
        for pick, fill in ((np.max, -np.inf), (np.min, np.inf))
    )
    at_top, at_bottom = (outcome.optimal >= top).tolist(), (outcome.optimal <= bottom).tolist()
    unsure = UNSURE_STAYS if outcome.cautious else UNSURE
    return [
        _stop(outcome, at, told[at])
        or ("sold at or below cost now" if outcome.cost[at] >= outcome.current[at] else "")
        or ("" if has_choice[at] else "no other price allowed")
        or (unsure if outcome.unsure[at] else "")
        or _bound(outcome.slope[at], at_top[at], at_bottom[at])
        or (_whose(told[at]) if method == "loglinear" else "ok")
        for at in range(len(told))
    ]


def _bound(slope: float, at_top: bool, at_bottom: bool) -> str:
    """Return at which bound of those allowed a price is, or nothing."""
    if at_top:
        inelastic = "inelastic: " if slope > INELASTIC else ""
        return f"{inelastic}at the highest price allowed"
    return "at the lowest price allowed" if at_bottom else ""


def _whose(told: str) -> str:
    """Return what is said of an elasticity, whosever it is."""
    return OF_OTHERS if told.startswith(("shrunk to ", "that of ")) else told


def _stop(outcome: Outcome, at: int, told: str) -> str:
    """Return why there was nothing to choose, or nothing."""
    if np.isnan(outcome.current[at]):
        return "no usable rows"
    if np.isnan(outcome.cost[at]):
        return "no cost"
    if np.isnan(outcome.slope[at]):
        return _whose(told)
    return "" if outcome.moves[at] else "demand does not fall with the price"
