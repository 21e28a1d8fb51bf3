"""What a predictor learns to predict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """Labels or numbers, one a row.

    Attributes
    ----------
    values : float64 array, shape (n_rows,)
        Codes of classes, from 0; or numbers.
    classes : int
        How many classes there are; 0 for numbers.
    """

    values: NDArray[np.float64]
    classes: int

    def __len__(self) -> int:
        return len(self.values)

    @property
    def outputs(self) -> int:
        """Numbers that a predictor gives for a row: one, or a score a class for three or more."""
        return self.classes if self.classes > 2 else 1

    @property
    def codes(self) -> NDArray[np.int64]:
        """The classes as integers."""
        return self.values.astype(np.int64)

    def take(self, rows: NDArray[Any] | slice) -> Target:
        """Return some of the rows."""
        return Target(self.values[rows], self.classes)


def probabilities(raw: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability of each class from scores in log-odds.

    Parameters
    ----------
    raw : float64 array, shape (n_rows, 1) or (n_rows, n_classes)
        One column is the log-odds of the second of two classes.

    Returns
    -------
    float64 array, shape (n_rows, n_classes)
    """
    if raw.shape[1] == 1:
        second = 0.5 * (1.0 + np.tanh(0.5 * raw[:, 0]))
        return np.stack([1.0 - second, second], axis=1)
    powers = np.exp(raw - raw.max(axis=1, keepdims=True))
    shares: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return shares
