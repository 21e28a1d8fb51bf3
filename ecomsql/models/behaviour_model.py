"""A fitted model of what users will do: buy, or stay away."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import polars as pl

from ecomsql.errors import ModelError
from ecomsql.features.behaviour import KEYS, behaviour, feature_names, seen
from ecomsql.features.event_log import EventLog
from ecomsql.features.event_sequences import event_sequences
from ecomsql.features.sequence_inputs import INPUTS, input_values
from ecomsql.features.table import Rows
from ecomsql.models.explained import Explained
from ecomsql.models.table_model import CLASSIFY, TableModel
from ecomsql.storage import StoredModel

if TYPE_CHECKING:
    from ecomsql.models.sequence_model import SequenceModel

TASKS = ("purchase", "churn")
BY_EVENTS = ("attention", "gru")
"""Methods over the events themselves; what they need of Torch is loaded when they are asked for."""
BASE = "base_rate"
"""Method of a model that has seen only one answer, and gives everyone the same probability."""
BLOCK = 10_000
"""Rows explained at once, for memory."""


@dataclass(frozen=True, eq=False)
class BehaviourModel:
    """Says how probable it is that a user buys, or does not, within a horizon.

    Attributes
    ----------
    task : {'purchase', 'churn'}
    horizon : float
        How far is looked ahead, in seconds.
    per : {'user', 'user_item'}
        Whether a row is a user, or a user with an item in the cart.
    base : float
        The probability without any knowledge of the user.
    table : TableModel or None
        Over the features of :func:`~ecomsql.features.behaviour.behaviour`; None: `base` for all.
    metrics : dict
        Figures of training and of the held-out point, JSON values.
    sequence : SequenceModel or None
        Over the last events themselves, instead of `table`.
    """

    task: str
    horizon: float
    per: str
    base: float
    table: TableModel | None
    metrics: dict[str, Any]
    sequence: SequenceModel | None = None

    @property
    def inner(self) -> TableModel | SequenceModel | None:
        """What tells users apart."""
        return self.table or self.sequence

    @property
    def method(self) -> str:
        """Return the method, or those that are blended, or 'base_rate'."""
        return self.inner.method if self.inner else BASE

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes, about."""
        return self.inner.nbytes if self.inner else 1_000

    def answers(self, log: EventLog, cut: float) -> pl.DataFrame:
        """Return the probability for everyone seen before the as-of `cut` (in seconds).

        Returns
        -------
        DataFrame
            ``user``, for 'user_item' ``item``, and ``probability``, by user and item.
        """
        if self.sequence is not None:
            rows = seen(log, [cut], per=self.per)
            told = self.sequence.probability(event_sequences(log, rows))
            return rows.drop("cut").with_columns(probability=pl.Series(told))
        frame = behaviour(log, [cut], per=self.per)
        chances = np.full(len(frame), self.base)
        if self.table is not None and len(frame):
            found = self.table.predict(self.table.table(feature_rows(frame)))[1]
            chances = chances if found is None else found
        return frame.select(*KEYS[self.per]).with_columns(probability=pl.Series(chances))

    @property
    def importances(self) -> dict[str, dict[str, float]]:
        """Return for each kind of importance that of each feature."""
        return self.inner.importances if self.inner else {}

    def explained(self, log: EventLog, cut: float) -> Iterator[Explained]:
        """Explain the answers for everyone seen before the as-of `cut`, block by block.

        What each feature adds is in log-odds; all of them and ``metrics["base"]`` add up to those
        of the probability. A model of the base rate has no features, and explains nothing.
        """
        if self.sequence is not None:
            rows = seen(log, [cut])
            events = event_sequences(log, rows)
            for start in range(0, len(rows), BLOCK):
                some = events.take(slice(start, start + BLOCK))
                parts = self.sequence.contributions(some)[:, :-1]
                values = np.array(input_values(some), dtype=object).reshape(parts.shape)
                keys = rows.slice(start, BLOCK).select("user")
                yield Explained(keys, list(INPUTS), values, parts)
        elif self.table is not None:
            for part in behaviour(log, [cut], per=self.per).iter_slices(BLOCK):
                told = feature_rows(part)
                parts = self.table.contributions(self.table.table(told))[:, :-1]
                values = told.numbers[:, self.table.schema.places(told.names)]
                keys = part.select(*KEYS[self.per])
                yield Explained(keys, self.table.schema.names, values, parts)

    def stored(self) -> StoredModel:
        """Return what a blob holds."""
        own = {"horizon": self.horizon, "per": self.per, "base": self.base}
        arrays: dict[str, np.ndarray] = {"base": np.array([self.base])}
        values: dict[str, Any] = {}
        if self.table is not None:
            inner = self.table.stored()
            arrays, values = inner.arrays, inner.values
        elif self.sequence is not None:
            arrays, values = self.sequence.state()
        values = values | {"behaviour": own, "metrics": self.metrics}
        return StoredModel(self.task, self.method, arrays, values)

    @classmethod
    def restored(cls, stored: StoredModel) -> Self:
        """Restore from :meth:`stored`; raise ModelError if anything does not fit."""
        try:
            own, metrics = stored.values["behaviour"], dict(stored.values["metrics"])
            horizon, base, per = float(own["horizon"]), float(own["base"]), own["per"]
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"the model lacks {error}") from error
        sound = 0 < horizon < math.inf and 0 <= base <= 1 and per in KEYS
        if not sound or stored.task not in TASKS:
            raise ModelError("the parts of the model do not fit together")
        if stored.method == BASE:
            return cls(stored.task, horizon, per, base, None, metrics)
        if stored.method in BY_EVENTS:
            from ecomsql.models.sequence_model import SequenceModel

            told = SequenceModel.from_state(stored.method, stored.arrays, stored.values)
            return cls(stored.task, horizon, per, base, None, metrics, told)
        inner = StoredModel(CLASSIFY, stored.method, stored.arrays, stored.values)
        table = TableModel.restored(inner)
        if len(table.classes) != 2:
            raise ModelError("the parts of the model do not fit together")
        return cls(stored.task, horizon, per, base, table, metrics)


def feature_rows(frame: pl.DataFrame) -> Rows:
    """Return the features of behaviour as the rows of a table."""
    return Rows.of_numbers(frame.select(feature_names(frame)))
