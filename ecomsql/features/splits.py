"""Which interactions are held out, decided before anything is fitted."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecomsql.errors import DataError
from ecomsql.features.interactions import Interactions

SPLITS = ("leave_last_out", "temporal", "random")
TEST_SHARE = 0.2


def held_out(data: Interactions, split: str, *, seed: int) -> NDArray[np.bool_]:
    """Return a mask of the pairs to test on, shape (n,).

    A pair is held out as a whole: none of its events stays behind to give it away.

    Parameters
    ----------
    split : {'leave_last_out', 'random'}
        The last item of each user who has two; or a fifth of all pairs, by chance.

    Raises
    ------
    DataError
        If the split needs times and there are none.
    """
    if split == "leave_last_out":
        if data.steps is None:
            raise DataError(_no_times(split))
        return last_out(data)
    chosen: NDArray[np.bool_] = np.random.default_rng(seed).random(len(data.items)) < TEST_SHARE
    return chosen


def is_late(frame: pl.DataFrame) -> pl.Series:
    """Return whether each coded pair is among the latest fifth; those at the very cut are not.

    Raises
    ------
    DataError
        If the pairs have no times.
    """
    if "time" not in frame.columns:
        raise DataError(_no_times("temporal"))
    cut = frame["time"].quantile(1 - TEST_SHARE, interpolation="lower")
    return frame["time"] > (np.inf if cut is None else cut)


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


def _no_times(split: str) -> str:
    return (
        f"split := '{split}' needs a column of times; name one with time_col, "
        f"or take split := 'random'"
    )
