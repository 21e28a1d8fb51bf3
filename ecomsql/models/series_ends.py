"""Series as they were some steps before their end, and what came then."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ecomsql.models.known_ahead import Known
from ecomsql.models.series_batch import Matrix, SeriesBatch

Ends = Sequence[tuple[int, int]]
"""Rows of a batch, and how many steps before the end of the series a window ends."""


def windows_of(batch: SeriesBatch, ends: Ends, horizon: int) -> tuple[SeriesBatch, Matrix]:
    """Return what was known before each window, and what is in it, shape (n_ends, horizon).

    A series has more than `horizon` values before the end of each of its windows.
    """
    known, truth = [], []
    for row, back in ends:
        end = batch.values.shape[1] - back
        start = batch.values.shape[1] - int(batch.lengths[row])
        known.append(batch.values[row, start : end - horizon])
        truth.append(batch.values[row, end - horizon : end])
    seasons = batch.season[np.array([row for row, _ in ends], dtype=np.int64)]
    return SeriesBatch.of(known, seasons), np.array(truth).reshape(-1, horizon)


def known_of(known: Known, ends: Ends, horizon: int, longest: int) -> Known:
    """Return what was known ahead, of the steps of each window too.

    Parameters
    ----------
    longest : int
        Values of the longest of the series before the windows.
    """
    width, columns = known.past.shape[1:]
    past = np.full((len(ends), longest, columns), np.nan)
    ahead = np.empty((len(ends), horizon, columns))
    for at, (row, back) in enumerate(ends):
        stop = width - back - horizon
        some = known.past[row, max(0, stop - longest) : stop]
        past[at, longest - len(some) :] = some
        ahead[at] = known.past[row, stop : stop + horizon]
    return Known(past, ahead)
