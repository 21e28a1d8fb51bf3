"""Which interactions are held out, decided before anything is fitted."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecomsql.errors import DataError
from ecomsql.features.interactions import Interactions

SPLITS = ("leave_last_out", "temporal", "random")
TEST_SHARE = 0.2


def held_out(
    data: Interactions, split: str, *, seed: int, times: NDArray[np.float64] | None = None
) -> NDArray[np.bool_]:
    """Return a mask of the entries to test on, shape (n,).

    A user's only item is never held out, and a pair is held out as a whole: none of its events
    stays behind to give it away.

    Parameters
    ----------
    split : {'leave_last_out', 'temporal', 'random'}
        The last item of each user; the latest fifth of all pairs; a fifth of all pairs by chance.
    times : float64 array, shape (n,), optional
        Time of each entry, for 'temporal'.

    Raises
    ------
    DataError
        If the split needs times and there are none.
    """
    if split != "random" and data.steps is None:
        raise DataError(
            f"split := '{split}' needs a column of times; name one with time_col, "
            f"or take split := 'random'"
        )
    if split == "leave_last_out":
        return last_out(data)
    if split == "temporal":
        return _latest(data, times)
    chosen: NDArray[np.bool_] = np.random.default_rng(seed).random(len(data.items)) < TEST_SHARE
    return chosen


def last_out(data: Interactions) -> NDArray[np.bool_]:
    """Return a mask of the last item of each user who has at least two."""
    mask = np.zeros(len(data.items), dtype=bool)
    mask[data.offsets[1:][data.lengths > 1] - 1] = True
    return mask


def any_out(data: Interactions, *, seed: int) -> NDArray[np.bool_]:
    """Return a mask of one item, drawn by chance, of each user who has at least two."""
    mask = np.zeros(len(data.items), dtype=bool)
    several = data.lengths > 1
    draw: NDArray[Any] = np.random.default_rng(seed).random(int(several.sum()))
    picked = (draw * data.lengths[several]).astype(np.int64)
    mask[data.offsets[:-1][several] + picked] = True
    return mask


def _latest(data: Interactions, times: NDArray[np.float64] | None) -> NDArray[np.bool_]:
    """Mask the latest fifth of all entries; those at the very cut stay in training."""
    if times is None:
        raise DataError("split := 'temporal' needs the time of each interaction")
    if len(times) == 0:
        return np.zeros(0, dtype=bool)
    cut = np.quantile(times, 1 - TEST_SHARE, method="lower")
    mask: NDArray[np.bool_] = times > cut
    return mask
