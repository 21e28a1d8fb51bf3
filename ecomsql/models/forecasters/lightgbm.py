"""Gradient-boosted trees over windows of all series."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np

from ecomsql import options as check
from ecomsql.errors import ModelError
from ecomsql.models.deseasonalised import Deseasonalised
from ecomsql.models.error_growth import ErrorGrowth
from ecomsql.models.forecaster import Forecast
from ecomsql.models.global_forecaster import GlobalForecaster
from ecomsql.models.known_ahead import Cube, Known
from ecomsql.models.series_batch import Matrix, SeriesBatch
from ecomsql.models.series_blocks import in_blocks
from ecomsql.models.series_grove import Grove
from ecomsql.models.series_held_back import HeldBack
from ecomsql.models.series_tree_inputs import TreeInputs, inputs_of
from ecomsql.models.series_tree_rows import TreeRows
from ecomsql.models.series_tree_training import UNWATCHED, grown
from ecomsql.models.series_watched import Watched
from ecomsql.models.series_windows import Windows, without_season

NARROWEST, WIDEST = 64, 1_000
"""Values of a window: two seasons and a horizon within these bounds."""
LIMIT = 100_000
"""No stored model looks ahead, or back, farther."""


class Model(GlobalForecaster):
    """LightGBM on lags, means and what is known ahead, of all series at once.

    One model for all steps ahead, of which the step is an input: the last values, means and spreads
    of several lengths, what was one and two seasons before the step, how long, large and lively the
    series is, and what is known of the step (Januschowski et al.: Forecasting with trees, 2022;
    Makridakis, Spiliotis, Assimakopoulos: M5 accuracy competition, 2022). What comes is told from
    the last value in units of the series' own steps, times the root of the steps ahead, as trees
    cannot go beyond what they have seen. A season that a series has by the test of the theta
    method is taken off before and put back after.

    The least absolute error is sought on a sample of windows, so that memory is that of the series
    and of `rows` rows. The last values, held back at first, say how many trees are best and how far
    they are to be trusted; then as many are grown on all.
    """

    method = "lightgbm"
    uses_known: ClassVar[bool] = True
    cells: ClassVar[int] = 500_000
    most: ClassVar[int] = 5_000

    def __init__(
        self,
        grove: Grove,
        growth: ErrorGrowth,
        effort: int,
        sizes: tuple[int, int, int],
    ) -> None:
        self.grove = grove
        self.growth = growth
        self.effort = effort
        self.horizon, self.columns, self.width = sizes

    @classmethod
    def _train(
        cls,
        batch: SeriesBatch,
        horizon: int,
        *,
        seed: int,
        known: Known | None,
        rows: int = 100_000,
        learning_rate: float = 0.08,
        leaves: int = 31,
        min_rows: int = 20,
        share_of_columns: float = 0.7,
        penalty: float = 1.0,
    ) -> Self:
        """Grow trees twice.

        Parameters
        ----------
        rows : int
            Windows with a step ahead that are learned from, drawn at random; less where there is
            less to draw from.
        learning_rate : float
            How much of each tree counts.
        leaves : int
            Leaves of a tree, at most.
        min_rows : int
            Rows in a leaf, at least.
        share_of_columns : float in (0, 1]
            What a tree gets to see, chosen at random.
        penalty : float
            Weight of the squared values of the leaves.
        """
        settings = {
            "learning_rate": check.number("learning_rate", learning_rate, low=1e-4, high=1.0),
            "num_leaves": check.whole("leaves", leaves, at_least=2),
            "min_data_in_leaf": check.whole("min_rows", min_rows, at_least=1),
            "feature_fraction": check.number(
                "share_of_columns", share_of_columns, low=0.01, high=1.0
            ),
            "lambda_l2": check.number("penalty", penalty, low=0.0),
            "seed": seed % 2**31,
        }
        most = check.whole("rows", rows, at_least=1)
        width = min(max(2 * int(batch.season.max(initial=1)) + horizon, NARROWEST), WIDEST)
        held = HeldBack.of(batch, horizon)
        rest, after = without_season(held.rest, held.ahead)
        whole = without_season(batch, np.empty((len(batch), 0)))[0]
        some = TreeInputs(Windows(rest, width, horizon), held.beside(known) if known else None)
        every = TreeInputs(Windows(whole, width, horizon), known.joined() if known else None)
        growth, rounds = ErrorGrowth(), UNWATCHED
        part, watch = TreeRows.drawn(some, most, seed), Watched.of(some.windows, after)
        if watch is not None and len(part):
            seen, places = TreeRows.watched(some, watch)
            grove, rounds = grown(part, settings, watch=seen)
            errors = np.full(watch.ahead.shape, np.nan)
            errors[*places.T] = (seen.came - grove(seen.told)) * seen.root
            growth = ErrorGrowth.of(errors)
        full = TreeRows.drawn(every, most, seed)
        grove = grown(full, settings, rounds=rounds)[0] if len(full) else Grove(None)
        sizes = (horizon, known.columns if known else 0, width)
        return cls(grove, growth, rounds, sizes)

    def _predict(self, batch: SeriesBatch, horizon: int, *, known: Known | None) -> Forecast:
        flat = Deseasonalised.of(batch)
        beside = self._beside(batch, horizon, known)
        steps = np.arange(1, self.horizon + 1)

        def block(series: SeriesBatch, done: int) -> Matrix:
            series = SeriesBatch(series.values, series.lengths, batch.season)
            inputs = TreeInputs(Windows(series, self.width, self.horizon), beside)
            rows, step = (
                np.repeat(np.arange(len(series)), self.horizon),
                np.tile(steps, len(series)),
            )
            told, _, unit = inputs.rows(rows, series.lengths[rows], step)
            ahead = unit * np.sqrt(step) * self.grove(told)
            return series.values[:, -1:] + ahead.reshape(-1, self.horizon)

        mean = in_blocks(flat.batch, horizon, self.horizon, block)
        unit = Windows(flat.batch, self.width, 1).ends().unit
        n = len(batch)
        sd = unit[:, None] * self.growth(horizon)
        return flat.again(Forecast(mean, sd, [self.method] * n, ["ok"] * n))

    def _beside(self, batch: SeriesBatch, horizon: int, known: Known | None) -> Cube | None:
        """Return what is known, up to the end of the last block; NaN where nothing is."""
        if self.columns == 0:
            return None
        longest, over = batch.values.shape[1], -horizon % self.horizon
        if known is None:
            return np.full((len(batch), longest + horizon + over, self.columns), np.nan)
        return np.pad(known.joined(), ((0, 0), (0, over), (0, 0)), constant_values=np.nan)

    @property
    def nbytes(self) -> int:
        """Return what the trees take, about, with what scores them fast."""
        return 10_000 + 20 * len(self.grove.text)

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the trees as LightGBM's text, the sizes, and how errors grow."""
        sizes = [self.horizon, self.columns, self.width]
        own = {"sizes": sizes, "growth": self.growth.json(), "effort": self.effort}
        return {"trees": np.frombuffer(self.grove.text, dtype=np.uint8)}, own

    @classmethod
    def from_state(cls, arrays: Mapping[str, np.ndarray], values: Mapping[str, Any]) -> Self:
        """Restore from :meth:`state`."""
        sizes, effort = values.get("sizes"), values.get("effort")
        numbers = [*sizes, effort] if isinstance(sizes, list) else []
        if len(numbers) != 4 or not all(type(one) is int and 0 <= one <= LIMIT for one in numbers):
            raise ModelError("the lightgbm model has sizes that none has")
        horizon, columns, width, _ = numbers
        if not horizon or not width:
            raise ModelError("the lightgbm model looks nowhere")
        growth = ErrorGrowth.from_json(values.get("growth"))
        grove = Grove.from_text(arrays.get("trees"), inputs_of(columns))
        return cls(grove, growth, numbers[-1], (horizon, columns, width))
