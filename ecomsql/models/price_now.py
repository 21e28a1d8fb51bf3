"""What an item costs now: its last price, or its middle one where there are no times."""

from __future__ import annotations

import numpy as np

from ecomsql.models.item_groups import Floats, ItemGroups, Longs


def last_values(item: Longs, time: Floats, values: Floats, n_items: int) -> Floats:
    """Return each item's value at its last time; of several the middle one.

    Parameters
    ----------
    item : int64 array, shape (n_rows,)
        In ascending order.
    time : float64 array, shape (n_rows,)
        NaN in all rows where there are no times: then all rows count as one time.
    values : float64 array, shape (n_rows,)
        NaN where it is not known.

    Returns
    -------
    float64 array, shape (n_items,)
        NaN for items without a known value.

    Examples
    --------
    >>> item, price = np.array([0, 0, 0, 1]), np.array([5.0, 7.0, 6.0, np.nan])
    >>> last_values(item, np.array([1.0, 2.0, 3.0, 1.0]), price, 2).tolist()
    [6.0, nan]
    """
    there = np.isfinite(values)
    item, values = item[there], values[there]
    moment = np.nan_to_num(time[there], nan=0.0)
    is_last = moment == ItemGroups(item, n_items).most(moment)[item]
    item, values = item[is_last], values[is_last]
    ordered = values[np.lexsort((values, item))]
    groups = ItemGroups(item, n_items)
    found = np.full(n_items, np.nan)
    found[groups.filled] = ordered[groups.starts + (groups.counts[groups.filled] - 1) // 2]
    return found
