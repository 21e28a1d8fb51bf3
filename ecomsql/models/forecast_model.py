"""A forecaster that was trained before: which methods answer, and what they have learned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, cast

import numpy as np

from ecomsql.errors import ModelError
from ecomsql.models import forecasters
from ecomsql.models.combined_forecast import Learned, median_of
from ecomsql.models.forecaster import Forecast
from ecomsql.models.global_forecaster import GlobalForecaster
from ecomsql.models.known_ahead import Known
from ecomsql.models.series_batch import SeriesBatch
from ecomsql.storage import StoredModel

TASK = "forecast"
LONGEST = 1_000_000
"""No season is longer."""


@dataclass(frozen=True, slots=True, eq=False)
class ForecastModel:
    """Methods whose median answers, at each step.

    Attributes
    ----------
    method : str
        That was asked for.
    members : tuple of str
        Methods that answer. Those of single series are fitted to whatever series are given.
    learned : dict
        Of each of the others, what it has learned from all series.
    season : int or None
        Steps a season; None: of each series its own.
    frequency : str or None
        Step of the series; None: of each its own.
    is_demand : bool
        Whether values at one step add up, and are never below 0.
    covariates : tuple of str
        Columns that are known ahead, in the order in which they are given.
    metrics : dict
        Figures of a backtest.
    """

    method: str
    members: tuple[str, ...]
    learned: Learned
    season: int | None
    frequency: str | None
    is_demand: bool
    covariates: tuple[str, ...]
    metrics: dict[str, Any]

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes, about."""
        return 1_000 + sum(one.nbytes for one in self.learned.values())

    def forecast(
        self, batch: SeriesBatch, horizon: int, *, seed: int, known: Known | None = None
    ) -> Forecast:
        """Say what comes next of any series; see :meth:`Forecaster.forecast`."""
        return median_of(self.members, batch, horizon, seed=seed, known=known, learned=self.learned)

    def stored(self) -> StoredModel:
        """Return what to store."""
        arrays: dict[str, np.ndarray] = {}
        states = {}
        for name, model in self.learned.items():
            some, states[name] = model.state()
            arrays |= {f"{name}/{key}": array for key, array in some.items()}
        values = {
            "members": list(self.members),
            "states": states,
            "season": self.season,
            "frequency": self.frequency,
            "is_demand": self.is_demand,
            "covariates": list(self.covariates),
        }
        return StoredModel(TASK, self.method, arrays, values)

    @classmethod
    def restored(cls, stored: StoredModel) -> Self:
        """Restore from what was stored.

        Raises
        ------
        ModelError
            If its parts do not fit together.
        """
        damaged = ModelError("the model's description is damaged")
        values, there = stored.values, forecasters.methods()
        members, states = values.get("members"), values.get("states")
        if not isinstance(members, list) or not members or not isinstance(states, dict):
            raise damaged
        if any(name not in there for name in members):
            raise ModelError("the model has methods that this version does not")
        covariates, season = values.get("covariates"), values.get("season")
        if not isinstance(covariates, list) or not all(isinstance(one, str) for one in covariates):
            raise damaged
        if season is not None and (type(season) is not int or not 1 <= season <= LONGEST):
            raise damaged
        frequency = values.get("frequency")
        if frequency is not None and not isinstance(frequency, str):
            raise damaged
        learned = {
            name: _learned(name, stored.arrays, states.get(name))
            for name in members
            if forecasters.method(name).is_global
        }
        if any(one.columns != len(covariates) for one in learned.values()):
            raise damaged
        return cls(
            stored.method,
            tuple(members),
            learned,
            season,
            frequency,
            values.get("is_demand") is True,
            tuple(covariates),
            {},
        )


def _learned(name: str, arrays: Mapping[str, np.ndarray], state: Any) -> GlobalForecaster:
    if not isinstance(state, dict):
        raise ModelError("the model's description is damaged")
    own = {
        key.removeprefix(f"{name}/"): array
        for key, array in arrays.items()
        if key.startswith(f"{name}/")
    }
    kind = cast(type[GlobalForecaster], forecasters.method(name))
    return kind.from_state(own, state)
