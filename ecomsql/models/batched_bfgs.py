"""Minimises many smooth functions at once, each of a few numbers, by their slopes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecomsql.models.series_batch import Longs, Matrix

Function = Callable[[Matrix, Longs], tuple[Matrix, Matrix]]
"""Takes points, shape (n, n_numbers), and which functions they are for, rising; gives values
and slopes."""

ENOUGH = 1e-4
"""Share of the expected decrease that a step must bring."""


@dataclass(slots=True, eq=False)
class _State:
    """Where those functions stand that are not done yet; `lanes` says which they are."""

    lanes: Longs
    points: Matrix
    values: Matrix
    slopes: Matrix
    inverse: Matrix
    direction: Matrix
    expected: Matrix
    length: Matrix

    def take(self, some: Longs) -> _State:
        return _State(*(getattr(self, name)[some] for name in _State.__dataclass_fields__))


def minimise(
    function: Function,
    points: Matrix,
    inverse: Matrix,
    *,
    targets: Matrix,
    widest: Matrix,
    near: float = 1e-3,
    rounds: int = 24,
) -> tuple[Matrix, Matrix, Matrix]:
    """Return points where functions are low, their values, and inverse second derivatives.

    The method of Broyden, Fletcher, Goldfarb and Shanno, with steps cut until they help. A function
    is done when steps promise and bring less than `near`; those that are not go on together.

    Parameters
    ----------
    function : callable
        See :data:`Function`; infinite where it is not defined, but not at the starts.
    points : float64 array, shape (n_functions, n_numbers)
        Where to start.
    inverse : float64 array, shape (n_functions, n_numbers, n_numbers)
        About the inverse of the second derivatives there.
    targets : float64 array, shape (n_functions,)
        A function that seems not to get below this is given up.
    widest : float64 array, shape (n_numbers,)
        The longest step of each number.
    near : float
        What is not worth another step.
    rounds : int
        Evaluations at most.
    """
    found, lowest, curves = points.copy(), np.full(len(points), np.inf), inverse.copy()
    lanes = np.arange(len(points))
    values, slopes = function(points, lanes)
    lowest[:] = values
    state = _State(lanes, points, values, slopes, inverse, slopes, values, values)
    state = _aimed(state.take(np.flatnonzero(np.isfinite(values))), widest)
    for turn in range(rounds):
        if not len(state.lanes):
            break
        step = state.length[:, None] * state.direction
        values, slopes = function(state.points + step, state.lanes)
        wanted = state.values + ENOUGH * state.length * state.expected
        better = values <= wanted
        gained = np.where(better, state.values - values, np.inf)
        state = _moved(state, better, step, values, slopes, widest)
        found[state.lanes], lowest[state.lanes] = state.points, state.values
        curves[state.lanes] = state.inverse
        done = (gained < near) & (-state.expected < near)
        done |= ~better & (state.length < 1e-4)
        hope = state.values + 4.0 * np.minimum(state.expected, 0.0) - 40.0 / (turn + 2) ** 2
        done |= hope > targets[state.lanes]
        if done.any():
            state = state.take(np.flatnonzero(~done))
    return found, lowest, curves


def _moved(
    state: _State,
    better: NDArray[np.bool_],
    step: Matrix,
    values: Matrix,
    slopes: Matrix,
    widest: Matrix,
) -> _State:
    """Return the state after steps that helped, and shorter steps where they did not."""
    with np.errstate(all="ignore"):
        curve = values - state.values - state.length * state.expected
        best = -0.5 * state.length**2 * state.expected / curve
    shorter = np.where(np.isfinite(best), best, 0.1 * state.length)
    shorter = np.clip(shorter, 0.1 * state.length, 0.5 * state.length)
    at = np.flatnonzero(better)
    inverse = state.inverse
    inverse[at] = _updated(inverse[at], step[at], slopes[at] - state.slopes[at])
    take = better[:, None]
    after = _State(
        state.lanes,
        np.where(take, state.points + step, state.points),
        np.where(better, values, state.values),
        np.where(take, slopes, state.slopes),
        inverse,
        state.direction,
        state.expected,
        shorter,
    )
    aimed = _aimed(after, widest)
    aimed.length = np.where(better, aimed.length, shorter)
    return aimed


def _aimed(state: _State, widest: Matrix) -> _State:
    """Set the direction, what a full step promises, and how much of it is taken."""
    direction = -np.einsum("lij,lj->li", state.inverse, state.slopes)
    expected = np.einsum("li,li->l", direction, state.slopes)
    # Rounding can spoil the inverse: down the slope then, as far as its diagonal says.
    wrong = ~(expected <= 0.0)
    if wrong.any():
        diagonal = np.abs(np.einsum("lii->li", state.inverse[wrong]))
        state.inverse[wrong] = diagonal[:, :, None] * np.eye(diagonal.shape[1])
        direction[wrong] = -diagonal * state.slopes[wrong]
        expected[wrong] = np.einsum("li,li->l", direction[wrong], state.slopes[wrong])
    state.direction, state.expected = direction, expected
    with np.errstate(all="ignore"):
        share = (widest / np.abs(direction)).min(axis=1)
    state.length = np.minimum(np.nan_to_num(share, nan=1.0), 1.0)
    return state


def _updated(inverse: Matrix, step: Matrix, change: Matrix) -> Matrix:
    """Return inverses that map the change of slope to the step, where it curves upwards."""
    along = np.einsum("li,li->l", step, change)
    size = np.sqrt(np.einsum("li,li->l", step, step) * np.einsum("li,li->l", change, change))
    use = along > 1e-10 * size
    scale = np.where(use, 1.0 / np.where(use, along, 1.0), 0.0)
    turned = np.einsum("lij,lj->li", inverse, change)
    weight = 0.5 * (1.0 + np.einsum("li,li->l", turned, change) * scale) * scale
    other = weight[:, None] * step - scale[:, None] * turned
    product = step[:, :, None] * other[:, None, :]
    updated: Matrix = inverse + product + product.transpose(0, 2, 1)
    return updated
