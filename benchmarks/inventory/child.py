"""Plans stock from what is known, then lives through what came, in a process of its own.

``python -m benchmarks.inventory.child DATASET CONTESTANT`` prints one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

import numpy as np
from scipy.stats import norm

from benchmarks.inventory.data import DEMAND, LATER

LEAD, REVIEW = 7, 1
LEVELS = (0.9, 0.95, 0.98)
Plans = Callable[[list[np.ndarray], float], np.ndarray]


def normal(known: list[np.ndarray], level: float) -> np.ndarray:
    """Return the textbook's reorder points: mean and deviation of all days, normal demand."""
    ahead = LEAD + REVIEW
    mean, std = (np.array([f(one) for one in known]) for f in (np.mean, np.std))
    return np.ceil(ahead * mean + norm.ppf(level) * std * np.sqrt(ahead))


def recent(known: list[np.ndarray], level: float) -> np.ndarray:
    """Return the same of the last 28 days."""
    return normal([one[-28:] for one in known], level)


def ecomsql(method: str) -> Plans:
    """Return the reorder points of plan_inventory, by a method of forecasts."""

    def plans(known: list[np.ndarray], level: float) -> np.ndarray:
        from ecomsql.models.inventory import Terms, plan_orders
        from ecomsql.models.series_batch import SeriesBatch

        none = np.full(len(known), np.nan)
        terms = Terms(
            lead_time=np.full(len(known), float(LEAD)),
            on_hand=none,
            order_cost=none,
            holding_cost=none,
            lead_time_std=0.0,
            review_period=REVIEW,
            service_level=level,
            demand_time=365.25,
        )
        batch = SeriesBatch.of(known, 7)
        return plan_orders(batch, terms, method=method, seed=42).reorder_point

    return plans


CONTESTANTS: dict[str, Plans] = {
    "normal": normal,
    "recent": recent,
    **{method: ecomsql(method) for method in ("theta", "tsb", "croston", "auto")},
}


def main() -> None:
    """Plan every week with what was known then; the demand of a lead time and a day comes.

    ``lasted``: share of weeks and items whose demand until the next order would arrive was within
    the reorder point: the service level reached. ``stock``: pieces above that demand, on average,
    in parts of it. ``fill_rate``: share of the pieces demanded that were there, at 0.95.
    """
    name, contestant = sys.argv[1:3]
    series, plans, ahead = DEMAND[name][0](), CONTESTANTS[contestant], LEAD + REVIEW
    plans([one[:60] for one in series[:2]], 0.9)
    figures: dict[str, float] = {}
    begun = time.perf_counter()
    for level in LEVELS:
        points, came = [], []
        for back in range(LATER, ahead, -21):
            points.append(plans([one[:-back] for one in series], level))
            came.append([one[len(one) - back :][:ahead].sum() for one in series])
        point, demand = np.array(points), np.array(came)
        figures[f"lasted_{level * 100:.0f}"] = float((demand <= point).mean())
        figures[f"stock_{level * 100:.0f}"] = float((point - demand).sum() / demand.sum())
        if level == 0.95:
            figures["fill_rate"] = float(np.minimum(point, demand).sum() / demand.sum())
    print(json.dumps({**figures, "total_s": time.perf_counter() - begun}))


if __name__ == "__main__":
    main()
