"""Values at steps of a grid become series without gaps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST = 20_000
"""Steps of a series that are looked at, the last ones."""

Matrix = NDArray[np.float64]
Longs = NDArray[np.int64]


def series_on_grid(codes: Longs, places: Longs, values: Matrix, *, total: bool) -> list[Matrix]:
    """Return each series from its first step to its last, in the order of the codes.

    Parameters
    ----------
    codes : int64 array, shape (n,)
        Series of each value, 0 to the number of series - 1, each at least once; in any order.
    places : int64 array, shape (n,)
        Step of each value; no step of a series twice.
    values : float64 array, shape (n,)
    total : bool
        Steps without a value are 0; else on a straight line between their neighbours.

    Returns
    -------
    list of float64 arrays
        The last :data:`MOST` steps of each.
    """
    if not _ascend(codes, places):
        order = np.lexsort((places, codes))
        codes, places, values = codes[order], places[order], values[order]
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    found = []
    for start, stop in zip(starts, [*starts[1:], len(codes)], strict=True):
        at = places[start:stop] - places[stop - 1]
        near = at > -MOST
        steps = np.arange(at[near][0], 1)
        some = values[start:stop][near]
        if total:
            series = np.zeros(len(steps))
            series[at[near] - steps[0]] = some
        else:
            series = np.interp(steps, at[near], some)
        found.append(series)
    return found


def _ascend(codes: Longs, places: Longs) -> bool:
    """Say whether steps are in order already."""
    more, further = np.diff(codes), np.diff(places)
    return bool(((more > 0) | ((more == 0) & (further > 0))).all())
