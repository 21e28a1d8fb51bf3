"""Croston's method and that of Teunter, Syntetos and Babai."""

from __future__ import annotations

import numpy as np
import pytest
from series_data import batch

from ecomsql.errors import OptionError
from ecomsql.models import forecasters
from ecomsql.models.occurrences import Occurrences
from ecomsql.models.ragged import Ragged
from ecomsql.models.simple_smoothing import best_smoothing, smoothed

RARE = np.zeros(40)
RARE[[2, 5, 6, 11, 17, 18, 25, 33, 38]] = [3, 1, 4, 1, 5, 9, 2, 6, 5]


def test_sizes_and_gaps():
    found = Occurrences.of(batch([np.zeros(50), RARE, np.array([0.0, 7.0, 0.0])]))
    assert found.rows.tolist() == [1, 2]
    assert found.sizes.values[:, 0].tolist() == [3, 1, 4, 1, 5, 9, 2, 6, 5]
    assert found.gaps.values[:, 0].tolist() == [3, 3, 1, 5, 6, 1, 7, 8, 5]
    assert found.sizes.lengths.tolist() == [9, 1]
    assert found.gaps.values[0, 1] == 2.0


def test_croston_with_the_usual_parameter(monkeypatch):
    """With 0.1 for both: statsforecast 2.1.1, CrostonClassic."""
    croston = forecasters.method("croston")
    monkeypatch.setattr(f"{croston.__module__}.LOW", 0.1)
    monkeypatch.setattr(f"{croston.__module__}.HIGH", 0.1)
    found = croston.forecast(batch([RARE]), 3, seed=0)
    assert found.mean[0] == pytest.approx([0.94058891] * 3, rel=1e-6)
    corrected = croston.forecast(batch([RARE]), 3, seed=0, variant="sba")
    assert corrected.mean[0] == pytest.approx(found.mean[0] * 0.95)
    assert corrected.label == ["croston(sba)"]


def test_unknown_variant():
    with pytest.raises(OptionError, match="classic, sba"):
        forecasters.method("croston").forecast(batch([RARE]), 3, seed=0, variant="other")


def by_hand(values: np.ndarray, sizes: float, chances: float) -> float:
    """Return the forecast of the method of Teunter, Syntetos and Babai, step by step."""
    chance, size = float(values[0] != 0), values[values != 0][0]
    for value in values:
        chance += chances * (float(value != 0) - chance)
        if value != 0:
            size += sizes * (value - size)
    return chance * size


def test_tsb_step_by_step(monkeypatch):
    tsb = forecasters.method("tsb")
    monkeypatch.setattr(f"{tsb.__module__}.LOW", 0.2)
    monkeypatch.setattr(f"{tsb.__module__}.HIGH", 0.2)
    found = tsb.forecast(batch([RARE]), 2, seed=0)
    assert found.mean[0] == pytest.approx([by_hand(RARE, 0.2, 0.2)] * 2)


def test_tsb_fades_where_croston_stays():
    dead = np.append(RARE, np.zeros(60))
    stays, fades = (
        forecasters.method(name).forecast(batch([dead]), 1, seed=0).mean[0, 0]
        for name in ("croston", "tsb")
    )
    assert stays == pytest.approx(
        forecasters.method("croston").forecast(batch([RARE]), 1, seed=0).mean[0, 0]
    )
    assert fades < 0.5 * stays


def test_the_parameter_of_least_squares():
    random = np.random.default_rng(1)
    series = Ragged.from_batch(batch([random.normal(size=60).cumsum(), random.normal(size=50)]))
    alpha = best_smoothing(series, 0.05, 0.95)

    def squares(alpha: float, column: int) -> float:
        level = smoothed(series, np.full(2, alpha))[: series.lengths[column], column]
        values = series.values[: series.lengths[column], column]
        return float(((values[1:] - level[:-1]) ** 2).sum())

    for column in range(2):
        best = min(squares(one, column) for one in np.linspace(0.05, 0.95, 200))
        assert squares(alpha[column], column) <= best * 1.0001
