"""What every predictor over a table can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np

from ecomsql.features.table import Matrix, Table
from ecomsql.models.target import Target


class Predictor(ABC):
    """Predicts numbers, or the log-odds of classes, from the columns of a table.

    Subclasses keep what they learned in attributes, and give it away in :meth:`state` as plain
    arrays and JSON values, so that a model can be stored without code.
    """

    method: ClassVar[str]
    """Name in SQL: the stem of the file."""

    choices: ClassVar[Mapping[str, tuple[float, ...]]] = {}
    """Options worth looking at when better ones are looked for, with their values."""
    trials: ClassVar[float] = 1.0
    """Share of the trials that are asked for that it gets: less where one takes long."""

    effort: float
    """What the fit found best on the rows that it watched: rounds, epochs, or a penalty."""

    @classmethod
    @abstractmethod
    def fit(
        cls,
        table: Table,
        target: Target,
        *,
        seed: int,
        watch: tuple[Table, Target] | None = None,
        effort: float | None = None,
    ) -> Self:
        """Learn.

        Parameters
        ----------
        table, target
            The rows to learn from.
        seed : int
            Same rows in the same order and same seed give the same model.
        watch : (Table, Target), optional
            Held-out rows that say how much effort is best.
        effort : float, optional
            How much, where nothing is watched: :attr:`effort` of earlier fits.
        """

    @abstractmethod
    def raw(self, table: Table) -> Matrix:
        """Return numbers, or log-odds of classes, shape (n_rows, outputs)."""

    @abstractmethod
    def contributions(self, table: Table) -> Matrix:
        """Return what each column adds to :meth:`raw`, shape (n_rows, outputs, n_columns + 1).

        The last is the same for every row: the answer when nothing is known. All together add up
        to :meth:`raw`.
        """

    def gains(self) -> Matrix | None:
        """Return how much each column made the loss smaller in training, where that is known."""
        return None

    @abstractmethod
    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the arrays and JSON values from which :meth:`from_state` restores the model."""

    @classmethod
    @abstractmethod
    def from_state(cls, arrays: dict[str, np.ndarray], values: dict[str, Any]) -> Self:
        """Restore a model. Raise ModelError when the arrays do not fit together."""
