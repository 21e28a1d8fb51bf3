"""Forecasts by a network over windows of all series."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
import torch

from ecomsql import options as check
from ecomsql.errors import ModelError
from ecomsql.models.causal_attention import HEADS
from ecomsql.models.deseasonalised import Deseasonalised
from ecomsql.models.error_growth import ErrorGrowth
from ecomsql.models.forecaster import Forecast
from ecomsql.models.global_forecaster import GlobalForecaster
from ecomsql.models.known_ahead import Known
from ecomsql.models.one_thread import one_thread
from ecomsql.models.series_batch import Matrix, SeriesBatch
from ecomsql.models.series_blocks import in_blocks
from ecomsql.models.series_held_back import HeldBack
from ecomsql.models.series_network import SeriesNetwork, SeriesSizes
from ecomsql.models.series_network_state import network_of
from ecomsql.models.series_network_training import MOST, ahead, steps_for, trained
from ecomsql.models.series_watched import Watched
from ecomsql.models.series_windows import Windows, without_season

PATCHES = 16
"""In which a window is read, about."""
HORIZONS = 12
"""In a window that is not given, up to :data:`WIDEST` values."""
NARROWEST, WIDEST = 32, 256
"""Values of a window that is not given, at least (if a series has them) and at most."""
SMALL = 256
"""Units up to which a step of training gains little by a second core."""


class NetworkForecaster(GlobalForecaster):
    """A network that reads the last values of a series and says all steps ahead at once.

    A season that a series has by the test of the theta method is taken off before and put back
    after, as Hewamalage, Bergmeir and Bandara found best (Recurrent neural networks for time series
    forecasting: current status and future directions, 2021). What is left is told from the last
    value and in units of its own steps. The least absolute error is sought, on windows of all
    series; the last values, held back at first, say when to stop and how far to be trusted; then a
    second network learns as long on all.

    Memory grows with the values of the series, a few copies of them; windows are cut as needed.
    """

    cells: ClassVar[int] = 1_000_000

    def __init__(self, network: SeriesNetwork, growth: ErrorGrowth, effort: int) -> None:
        self.network = network
        self.growth = growth
        self.effort = effort
        self.horizon = network.sizes.horizon
        self.columns = 0

    @classmethod
    def _train(
        cls,
        batch: SeriesBatch,
        horizon: int,
        *,
        seed: int,
        known: Known | None,
        width: int | None = None,
        units: int = 64,
        layers: int = 1,
        dropout: float = 0.1,
        steps: int = MOST,
    ) -> Self:
        """Train twice.

        Parameters
        ----------
        width : int, optional
            Values of a window; by default twelve horizons, or a season and a horizon if that is
            more, up to 256 and the longest series.
        units, layers : int
            Of the network; as many units as four heads share.
        dropout : float in [0, 0.95]
            Share of the units before the last layer that are left out at a step of training.
        steps : int
            Steps of training at most; fewer where there is little to learn from.
        """
        longest, season = int(batch.lengths.max(initial=1)), int(batch.season.max(initial=1))
        usual = min(max(HORIZONS * horizon, season + horizon, NARROWEST), WIDEST, longest)
        width = check.whole("width", width or usual, at_least=1)
        patch = -(-width // PATCHES)
        sizes = SeriesSizes(
            shape=cls.method,
            patch=patch,
            patches=-(-width // patch),
            horizon=horizon,
            units=-(-check.whole("units", units, at_least=1) // HEADS) * HEADS,
            layers=check.whole("layers", layers, at_least=1),
        )
        left_out = check.number("dropout", dropout, low=0.0, high=0.95)

        def new() -> SeriesNetwork:
            generator = torch.Generator().manual_seed(seed)
            return SeriesNetwork(sizes, dropout=left_out, generator=generator).eval()

        whole = without_season(batch, np.empty((len(batch), 0)))[0]
        full = Windows(whole, sizes.width, horizon)
        held = HeldBack.of(batch, horizon)
        rest, after = without_season(held.rest, held.ahead)
        part = Windows(rest, sizes.width, horizon)
        most = min(check.whole("steps", steps, at_least=1), steps_for(full))
        growth, network = ErrorGrowth(), new()
        watch = Watched.of(part, after)
        best = most // 2
        if watch is not None and steps_for(part):
            with one_thread(unless=sizes.units > SMALL):
                best = trained(network, part, steps=most, stop=most, watch=watch, seed=seed)
            growth = ErrorGrowth.of(watch.ahead - ahead(network, watch.cut))
            network = new()
        if best:
            with one_thread(unless=sizes.units > SMALL):
                trained(network, full, steps=most, stop=best, seed=seed)
        return cls(network, growth, best)

    def _predict(self, batch: SeriesBatch, horizon: int, *, known: Known | None) -> Forecast:
        flat = Deseasonalised.of(batch)

        def block(series: SeriesBatch, done: int) -> Matrix:
            cut = Windows(series, self.network.sizes.width, self.horizon).ends()
            return cut.last[:, None] + cut.unit[:, None] * ahead(self.network, cut)

        mean = in_blocks(flat.batch, horizon, self.horizon, block)
        unit = Windows(flat.batch, self.network.sizes.width, 1).ends().unit
        n = len(batch)
        found = Forecast(mean, unit[:, None] * self.growth(horizon), [self.method] * n, ["ok"] * n)
        return flat.again(found)

    @property
    def nbytes(self) -> int:
        """Return what the weights take, about."""
        return 4 * sum(one.numel() for one in self.network.parameters()) + 10_000

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the weights, the sizes, and how errors grow."""
        arrays = {name: one.numpy() for name, one in self.network.state_dict().items()}
        sizes, growth = self.network.sizes.json(), self.growth.json()
        return arrays, {"sizes": sizes, "growth": growth, "effort": self.effort}

    @classmethod
    def from_state(cls, arrays: Mapping[str, np.ndarray], values: Mapping[str, Any]) -> Self:
        """Restore from :meth:`state`."""
        network = network_of(cls.method, arrays, values)
        growth = ErrorGrowth.from_json(values.get("growth"))
        effort = values.get("effort")
        if type(effort) is not int:
            raise ModelError(f"the {cls.method} model does not say how it was trained")
        return cls(network, growth, effort)
