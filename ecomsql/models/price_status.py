"""What is to be said of each item's price, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.item_groups import Floats

FLAT = -1e-6
"""Elasticity from which on demand does not fall with the price."""
INELASTIC = -1.0
CLOSE = 1e-9


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
    least, most : float64 arrays
        Ends of the gain's interval.
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
    least: Floats
    most: Floats
    cautious: bool


def statuses(outcome: Outcome, told: list[str], method: str) -> list[str]:
    """Return 'ok', or what stands against it, of each item.

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
    return [
        "; ".join(_said(outcome, at, told[at], method, has_choice[at], at_top[at], at_bottom[at]))
        or "ok"
        for at in range(len(told))
    ]


def _said(
    outcome: Outcome,
    at: int,
    told: str,
    method: str,
    has_choice: bool,
    at_top: bool,
    at_bottom: bool,
) -> Iterator[str]:
    stop = _stop(outcome, at, told)
    if stop:
        yield stop
        return
    if method == "loglinear" and told != "ok":
        yield told
    if outcome.cost[at] >= outcome.current[at]:
        yield "sold at or below cost now"
    if not has_choice:
        yield "no other price allowed"
        return
    if at_top:
        inelastic = "inelastic: " if outcome.slope[at] > INELASTIC else ""
        yield f"{inelastic}at the highest price allowed"
    elif at_bottom:
        yield "at the lowest price allowed"
    if outcome.unsure[at]:
        stays = ", so the price stays" if outcome.cautious else ""
        span = f"{100 * outcome.least[at]:+.1f} % to {100 * outcome.most[at]:+.1f} %"
        yield f"gain not certain: {span}{stays}"


def _stop(outcome: Outcome, at: int, told: str) -> str:
    """Return why there was nothing to choose, or nothing."""
    if np.isnan(outcome.current[at]):
        return "no usable rows"
    if np.isnan(outcome.cost[at]):
        return "no cost"
    if np.isnan(outcome.slope[at]):
        return told
    return "" if outcome.moves[at] else "demand does not fall with the price"
