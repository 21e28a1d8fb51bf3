"""When to order, and how much, so that stock lasts with a given probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecomsql.models.combined_forecast import told_by
from ecomsql.models.demand_quantile import demand_quantile
from ecomsql.models.interval_errors import interval_errors
from ecomsql.models.series_batch import Matrix, SeriesBatch

FEW = 10.0
LARGEST = 1e100
"""Demand of a step is taken to be no larger."""


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What orders are made under, one of each an item; NaN where it is not known.

    Attributes
    ----------
    lead_time : float64 array, shape (n_items,)
        Steps from an order to its arrival.
    on_hand : float64 array
        Pieces in stock and on order, less those owed.
    order_cost, holding_cost : float64 arrays
        Of an order, and of one piece for as long as `demand_time`.
    lead_time_std : float
        Standard deviation of the lead time, in steps.
    review_period : int
        Steps from one chance to order to the next.
    service_level : float in (0, 1)
        Probability that the stock lasts until the order after the next arrives.
    demand_time : float
        Steps that a holding cost is for.
    """

    lead_time: Matrix
    on_hand: Matrix
    order_cost: Matrix
    holding_cost: Matrix
    lead_time_std: float
    review_period: int
    service_level: float
    demand_time: float


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What to do for each item; NaN for one without a lead time.

    Attributes
    ----------
    mean_demand, demand_std : float64 arrays, shape (n_items,)
        Of one step: what is forecast until an order at the next review would arrive, and the
        standard deviation of the errors of such forecasts.
    safety_stock, reorder_point, order_quantity : float64 arrays, shape (n_items,)
        Pieces, whole ones of an item that was only sold so.
    status : list of str, one an item
    """

    mean_demand: Matrix
    demand_std: Matrix
    safety_stock: Matrix
    reorder_point: Matrix
    order_quantity: Matrix
    status: list[str]

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes, about."""
        return 5 * self.mean_demand.nbytes + 60 * len(self.status)


def plan_orders(batch: SeriesBatch, terms: Terms, *, method: str, seed: int) -> Plan:
    """Plan the orders of items under periodic review.

    An order that is not made now can be made at the next review and arrives a lead time later: the
    stock must last until then, so the reorder point is the quantile, at the service level, of the
    demand of a lead time and a review period (Silver, Pyke, Thomas: Inventory and production
    management in supply chains, 2017, chapter 6). Its mean is forecast; its variance is that of
    past forecasts of such sums, one more as the mean is estimated, and of a lead time that varies:
    the squared demand of a step times the variance of the lead time.

    Parameters
    ----------
    batch : SeriesBatch
        Pieces sold at each step; steps with more returns than sales count as 0.
    terms : Terms
    method : str
        Of the forecast, one of :func:`~ecomsql.models.forecasting.methods`.
    seed : int
    """
    values = np.clip(batch.values, 0.0, LARGEST)
    demand = SeriesBatch(values, batch.lengths, batch.season)
    is_count = np.asarray(((values == np.round(values)) | np.isnan(values)).all(axis=1))
    known = np.isfinite(terms.lead_time)
    lead = np.where(known, np.ceil(terms.lead_time), 0.0).astype(np.int64)
    steps = lead + terms.review_period
    ahead = told_by(method, demand, int(steps.max(initial=1)), seed=seed, is_demand=True)
    total = np.cumsum(np.maximum(ahead.mean, 0.0), axis=1)[np.arange(len(steps)), steps - 1]
    sold = np.nanmax(values, axis=1, initial=0.0) > 0.0
    total = np.where(sold, total, 0.0)
    with np.errstate(all="ignore"):
        squares, count = interval_errors(demand, steps)
        variance = np.where(sold, squares, 0.0) * (1.0 + 1.0 / np.maximum(count, 1.0))
    # Few sums do not show that counts vary less than those of chance.
    variance = np.where(is_count & (count < FEW), np.maximum(variance, total), variance)
    mean = total / steps
    moved = variance + (mean * terms.lead_time_std) ** 2
    point = demand_quantile(total, moved, terms.service_level, is_count)
    # Where no stock at all is enough, none is ordered.
    lot = np.where(point > 0.0, _lot(mean, terms, is_count), 0.0)
    status = np.array(ahead.status, dtype=object)
    status[count <= 0.0] = "too few values"
    status[~sold] = "no demand"
    status[~known] = "no lead time"
    nothing = np.where(known, 0.0, np.nan)
    return Plan(
        mean + nothing,
        np.sqrt(variance / steps) + nothing,
        np.maximum(point - total, 0.0) + nothing,
        point + nothing,
        _order(lot, point, terms.on_hand, is_count) + nothing,
        status.tolist(),
    )


def _lot(mean: Matrix, terms: Terms, is_count: np.ndarray) -> Matrix:
    """Return how much an order is for: what is cheapest, or the demand of a review period.

    The cheapest is Harris's (How many parts to make at once, 1913), and no less than that demand.
    """
    between = mean * terms.review_period
    with np.errstate(divide="ignore", invalid="ignore"):
        over = mean * terms.demand_time
        cheapest = np.sqrt(2.0 * over * terms.order_cost / terms.holding_cost)
    lot = np.where(np.isfinite(cheapest), np.maximum(cheapest, between), between)
    return np.where(is_count, np.ceil(lot), lot)


def _order(lot: Matrix, point: Matrix, on_hand: Matrix, is_count: np.ndarray) -> Matrix:
    """Return what to order: a lot above the reorder point, and nothing from above it."""
    short = np.where((on_hand > point) | (lot <= 0.0), 0.0, point - on_hand + lot)
    short = np.where(is_count, np.ceil(short), short)
    return np.where(np.isnan(on_hand), lot, short)
