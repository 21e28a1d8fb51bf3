"""How errors grow with the steps ahead."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np

from ecomsql.errors import ModelError
from ecomsql.models.series_batch import Matrix

SHARE = 0.9
NORMAL = 1.6448536269514722
"""The share of normal errors within this many standard deviations is :data:`SHARE`."""
FEWEST = 10
"""Errors of a step from which on growth is told from one step to the next."""
FIRM = 100
"""Errors that tell as much of the growth as is known without any: that of a random walk."""
STEEPEST = 1.0


@dataclass(frozen=True, slots=True)
class ErrorGrowth:
    """Standard deviations of errors: `size` times the steps ahead to the power `power`.

    A random walk has the power 1/2, noise around a level 0. Errors have longer tails than normal
    ones; the size is such that 90 % of those seen lie within what 90 % of normal ones would.
    """

    size: float = 1.0
    power: float = 0.5

    @classmethod
    def of(cls, errors: Matrix) -> Self:
        """Fit to errors of forecasts of what was not learned from.

        Parameters
        ----------
        errors : float64 array, shape (n, horizon)
            In units of their series; NaN where there is none.
        """
        there = np.isfinite(errors)
        count = there.sum(axis=0)
        if not count.any():
            return cls()
        ahead = np.arange(1, errors.shape[1] + 1)
        told = np.flatnonzero(count >= FEWEST)
        mean = np.array([np.abs(errors[there[:, h], h]).mean() for h in told])
        power = 0.5
        if len(told) > 1 and (mean > 0).all():
            logs = np.log(ahead[told]), np.log(mean)
            slope = np.polyfit(*logs, 1, w=np.sqrt(count[told]))[0]
            share = count.sum() / (count.sum() + FIRM)
            power = float(np.clip(share * slope + (1.0 - share) * power, 0.0, STEEPEST))
        flat = np.abs(errors / ahead**power)[there]
        return cls(float(np.quantile(flat, SHARE)) / NORMAL, power)

    def __call__(self, horizon: int) -> Matrix:
        """Return the standard deviation of each of the steps ahead, shape (horizon,)."""
        found: Matrix = self.size * np.arange(1.0, horizon + 1) ** self.power
        return found

    def json(self) -> dict[str, float]:
        """Return JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """Restore from :meth:`json`; raise ModelError for what it never gives."""
        if not isinstance(values, dict):
            raise ModelError("the model lacks how its errors grow")
        size, power = values.get("size"), values.get("power")
        if not isinstance(size, float) or not isinstance(power, float):
            raise ModelError("the model lacks how its errors grow")
        if not (0.0 <= size < math.inf and 0.0 <= power <= STEEPEST):
            raise ModelError("the model's errors grow in a way that none do")
        return cls(size, power)
