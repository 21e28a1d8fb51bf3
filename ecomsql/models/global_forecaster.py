"""Forecasters that learn from all series together, and can be kept."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, ClassVar, Self

import numpy as np

from ecomsql import options as check
from ecomsql.errors import ModelError
from ecomsql.models.fallback import instead
from ecomsql.models.forecaster import Forecast, Forecaster, power_of_two
from ecomsql.models.known_ahead import Known
from ecomsql.models.series_batch import Longs, SeriesBatch
from ecomsql.storage import StoredModel, from_blob, to_blob

TASK = "forecast"
FEWEST = 2
"""Values of a series that is forecast by what was learned; a shorter one by its last value."""


class GlobalForecaster(Forecaster):
    """A trained model over many series, which forecasts these and any others.

    Series are learned from in an order that depends on what is in them alone, each divided by a
    power of two so that its values are near 1: neither the order of the rows nor the unit of a
    series changes what is learned.

    Montero-Manso, Hyndman: Principles and algorithms for forecasting groups of time series:
    locality and globality, 2021.
    """

    is_global: ClassVar[bool] = True

    horizon: int
    """Steps that it was trained to look ahead."""
    columns: int
    """Columns of :class:`Known` that it was trained with."""

    @classmethod
    def train(
        cls,
        batch: SeriesBatch,
        horizon: int,
        *,
        seed: int,
        known: Known | None = None,
        **options: Any,
    ) -> Self:
        """Learn from all series at once.

        Parameters
        ----------
        batch : SeriesBatch
        horizon : int
            Steps to look ahead, 1 or more.
        seed : int
            Same series, whatever their order, and same seed give the same model.
        known : Known, optional
            What stands beside the values; only its past is learned from. For a method that
            cannot use it (:attr:`uses_known`) a ValueError.
        **options
            Of the method; OptionError for one that it does not have.
        """
        if known is not None:
            known.check(batch, known.ahead.shape[1])
            if not cls.uses_known:
                raise ValueError(f"method '{cls.method}' cannot use what is known ahead")
        taken = check.accepted(cls.method, cls._train, options)
        order = _order(batch, known)
        part = batch.take(order)
        small = SeriesBatch(part.values / power_of_two(part)[:, None], part.lengths, part.season)
        beside = None if known is None else known.take(order, part.values.shape[1])
        with np.errstate(all="ignore"):
            return cls._train(small, horizon, seed=seed, known=beside, **taken)

    def predict(self, batch: SeriesBatch, horizon: int, *, known: Known | None = None) -> Forecast:
        """Say what comes next, of any series and any number of steps ahead.

        A series of one value is answered by it. What lies beyond the horizon of the training is
        forecast from what was forecast up to there.

        Parameters
        ----------
        batch : SeriesBatch
        horizon : int
            Steps to look ahead, 1 or more.
        known : Known, optional
            As many columns as in training; none: nothing is known.
        """
        if known is not None:
            known.check(batch, horizon)
            if known.columns != self.columns:
                raise ValueError(
                    f"{known.columns} columns are known ahead, {self.columns} were in training"
                )

        def told(rows: Longs, part: SeriesBatch) -> Forecast:
            beside = None if known is None else known.take(rows, part.values.shape[1])
            found = self._predict(part, horizon, known=beside)
            return instead(part, found, part.lengths < FEWEST)

        return self._by_groups(batch, horizon, told)

    @classmethod
    def forecast(
        cls,
        batch: SeriesBatch,
        horizon: int,
        *,
        seed: int,
        known: Known | None = None,
        **options: Any,
    ) -> Forecast:
        """Train on series and say what comes next of them."""
        model = cls.train(batch, horizon, seed=seed, known=known, **options)
        return model.predict(batch, horizon, known=known)

    @classmethod
    def _forecast(cls, batch: SeriesBatch, horizon: int, *, seed: int, **options: Any) -> Forecast:
        return cls.train(batch, horizon, seed=seed, **options).predict(batch, horizon)

    @classmethod
    @abstractmethod
    def _train(cls, batch: SeriesBatch, horizon: int, *, seed: int, known: Known | None) -> Self:
        """Learn from series of values near 1, in an order that depends on them alone."""

    @abstractmethod
    def _predict(self, batch: SeriesBatch, horizon: int, *, known: Known | None) -> Forecast:
        """Forecast series of one season, the longest first, of values near 1."""

    @property
    @abstractmethod
    def nbytes(self) -> int:
        """Memory that it takes, in bytes, about."""

    @abstractmethod
    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the arrays and JSON values from which :meth:`from_state` restores the model."""

    @classmethod
    @abstractmethod
    def from_state(cls, arrays: Mapping[str, np.ndarray], values: Mapping[str, Any]) -> Self:
        """Restore a model. Raise ModelError when the arrays do not fit together."""

    def to_bytes(self) -> bytes:
        """Return the model as bytes: weights and metadata only."""
        return to_blob(StoredModel(TASK, self.method, *self.state()))

    @classmethod
    def from_bytes(cls, blob: bytes) -> Self:
        """Restore from :meth:`to_bytes`; raise ModelError for anything else."""
        stored = from_blob(blob, tasks=(TASK,))
        if stored.method != cls.method:
            raise ModelError(f"the model's method is '{stored.method}', not '{cls.method}'")
        return cls.from_state(stored.arrays, stored.values)


def _order(batch: SeriesBatch, known: Known | None) -> Longs:
    """Return the series in an order that depends on what is in them, and not on their units."""
    scaled = batch.values / power_of_two(batch)[:, None]
    keys = []
    for row, length in enumerate(batch.lengths.tolist()):
        start = scaled.shape[1] - length
        key = blake2b(scaled[row, start:].tobytes(), digest_size=16)
        key.update(int(batch.season[row]).to_bytes(8, "little"))
        if known is not None:
            key.update(known.past[row, start:].tobytes())
        keys.append(key.digest())
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)
