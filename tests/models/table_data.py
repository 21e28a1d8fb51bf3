"""Tables with a known answer, for the tests of predictors."""

from __future__ import annotations

import numpy as np

from ecomsql.features.table import Table
from ecomsql.models.target import Target


def table(n: int = 400, *, seed: int = 0) -> Table:
    """Two numbers, the second with gaps, and a category of five codes."""
    random = np.random.default_rng(seed)
    values = random.normal(size=(n, 3))
    values[:, 2] = random.integers(0, 5, n)
    values[random.random(n) < 0.1, 1] = np.nan
    return Table(values, (0, 0, 5))


def score(data: Table) -> np.ndarray:
    """Return what the answer depends on."""
    x, y, code = data.values.T
    return 2.0 * x + np.where(np.isnan(y), 1.0, 0.5 * y) + np.where(code == 2, 3.0, -0.6)


def target(data: Table, kind: str, *, seed: int = 1) -> Target:
    """Return numbers, two classes or three classes."""
    noise = np.random.default_rng(seed).normal(size=len(data))
    found = score(data)
    if kind == "numbers":
        return Target(10.0 + 5.0 * found + noise, 0)
    if kind == "two":
        return Target((found + noise > 0).astype(np.float64), 2)
    return Target(np.digitize(found + noise, [-1.5, 1.5]).astype(np.float64), 3)
