"""Values that stay as they are from step to step, and then change at once, as prices do."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from ecomsql.models.series_batch import Matrix

NEAR = 5
"""Values on each side whose median is a level."""
STAYING = 0.5
"""Share of the steps, at least, from which the next value is the same."""
Flags = NDArray[np.bool_]


def is_steady(values: Matrix, there: Flags) -> Flags:
    """Say which series mostly stay at a value, shape (n_series,).

    Parameters
    ----------
    values : float64 array, shape (n_series, longest)
    there : bool array, shape (n_series, longest)
        Which values count; the next of a value is the next that does.
    """
    return np.array([_stays(one[some]) for one, some in zip(values, there, strict=True)], bool)


def nearest_level(values: Matrix, there: Flags, expected: Matrix) -> Matrix:
    """Return of three what is nearest to each value: what is expected, or the level on a side.

    A smooth trend is wrong for a while on both sides of where a level changes. There, a value is as
    usual as those before it or those after it: a median, so that a few strange ones are no level
    (running medians keep edges; Tukey: Exploratory data analysis, 1977).

    Parameters
    ----------
    values, expected : float64 arrays, shape (n_series, longest)
    there : bool array, shape (n_series, longest)
        Which values count; for others, `expected` is returned.
    """
    found = expected.copy()
    for row, some in enumerate(there):
        if some.sum() > NEAR:
            one = values[row, some]
            told = np.stack([expected[row, some], *_sides(one)])
            nearest = np.abs(told - one).argmin(axis=0)
            found[row, some] = np.take_along_axis(told, nearest[None], axis=0)[0]
    return found


def _stays(values: Matrix) -> bool:
    return len(values) > NEAR and bool((np.diff(values) == 0.0).mean() >= STAYING)


def _sides(values: Matrix) -> tuple[Matrix, Matrix]:
    """Return the level before each value and that after it; beyond an end it is mirrored."""
    windows = sliding_window_view(np.pad(values, NEAR, mode="reflect"), NEAR)
    level = np.sort(windows, axis=1)[:, NEAR // 2]
    return level[: len(values)], level[NEAR + 1 :]
