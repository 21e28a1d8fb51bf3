"""How far forecasts of what comes within several steps have been from what came."""

from __future__ import annotations

import numpy as np

from ecomsql.models.deseasonalised import Deseasonalised
from ecomsql.models.ragged import Ragged
from ecomsql.models.series_batch import Longs, Matrix, SeriesBatch
from ecomsql.models.simple_smoothing import best_smoothing, smoothed

LOW, HIGH = 0.02, 0.5
CELLS = 1_000_000
"""About how many values are looked at at once, for memory."""


def interval_errors(batch: SeriesBatch, steps: Longs) -> tuple[Matrix, Matrix]:
    """Return the mean square of the errors of forecasts of sums, and how many there were.

    What the sum of the next steps would have been told to be from each step of the past on, by a
    level that follows the series. Errors of steps that follow each other go together, as the level
    moves or was not known, so sums vary more than the variance of one step says (Prak, Teunter,
    Syntetos: On the calculation of safety stocks when demand is forecasted, 2017). A season is
    taken off before.

    Parameters
    ----------
    batch : SeriesBatch
    steps : int64 array, shape (n_series,)
        How many steps each sum has.

    Returns
    -------
    variance, count : float64 arrays, shape (n_series,)
        The count is that of sums which share no step; 0 where the series is too short for one,
        and the variance is that of its values, for as many steps, then.
    """
    variance, count = np.zeros(len(batch)), np.zeros(len(batch))
    for rows in batch.groups(cells=CELLS):
        flat = Deseasonalised.of(batch.take(rows)).batch
        series = Ragged.from_batch(flat)
        levels = smoothed(series, best_smoothing(series, LOW, HIGH))
        sums = np.cumsum(series.values, axis=0)
        for ahead in np.unique(steps[rows]).tolist():
            some = np.flatnonzero(steps[rows] == ahead)
            told = _errors(sums[:, some], levels[:, some], series.lengths[some], ahead)
            plain = ahead * np.nanvar(flat.values[some], axis=1)
            variance[rows[some]] = np.where(told[1] > 0.0, told[0], plain)
            count[rows[some]] = told[1]
    return variance, count


def _errors(sums: Matrix, levels: Matrix, lengths: Longs, ahead: int) -> tuple[Matrix, Matrix]:
    """Return mean squares and counts; errors from the first quarter of a series on do not count."""
    longest, n = sums.shape
    if longest <= ahead:
        return np.zeros(n), np.zeros(n)
    errors = sums[ahead:] - sums[:-ahead] - ahead * levels[:-ahead]
    at = np.arange(longest - ahead)[:, None]
    there = (at >= np.minimum(lengths // 4, 2 * ahead)) & (at < lengths - ahead)
    count = there.sum(axis=0)
    squares = np.where(there, errors, 0.0) ** 2
    return squares.sum(axis=0) / np.maximum(count, 1), count / ahead
