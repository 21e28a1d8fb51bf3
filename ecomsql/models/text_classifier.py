"""What every classifier of texts can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ecomsql.models.target import Target

Scores = NDArray[np.float64]


class TextClassifier(ABC):
    """Tells classes apart by how often texts hold terms.

    Subclasses keep what they learned in arrays, and give it away in :meth:`state`, so that a model
    can be stored without code.
    """

    method: ClassVar[str]
    """Name in SQL: the stem of the file."""

    effort: float
    """What the fit found best on the rows that it watched: a penalty, or epochs."""

    @classmethod
    @abstractmethod
    def fit(
        cls,
        counts: csr_matrix,
        target: Target,
        *,
        seed: int,
        watch: tuple[csr_matrix, Target] | None = None,
        effort: float | None = None,
    ) -> Self:
        """Learn.

        Parameters
        ----------
        counts : csr_matrix of float32, shape (texts, terms)
        target : Target
            Two classes or more.
        seed : int
            Same rows in the same order and same seed give the same model.
        watch : (csr_matrix, Target), optional
            Held-out texts that say how much effort is best.
        effort : float, optional
            How much, where nothing is watched: :attr:`effort` of earlier fits.
        """

    @abstractmethod
    def raw(self, counts: csr_matrix) -> Scores:
        """Return log-odds, shape (texts, outputs); see :mod:`~ecomsql.models.target`."""

    @property
    @abstractmethod
    def shape(self) -> tuple[int, int]:
        """How many terms it knows, and how many outputs it has."""

    @abstractmethod
    def state(self) -> dict[str, np.ndarray]:
        """Return the arrays from which :meth:`from_state` restores the model."""

    @classmethod
    @abstractmethod
    def from_state(cls, arrays: dict[str, np.ndarray]) -> Self:
        """Restore a model. Raise ModelError when the arrays do not fit together."""
