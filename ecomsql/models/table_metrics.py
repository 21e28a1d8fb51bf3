"""Figures that say how good predictions over a table are, for the metrics of a model."""

from __future__ import annotations

import numpy as np

from ecomsql.features.table import Matrix
from ecomsql.models.binary_metrics import auc, average_precision, calibration_error
from ecomsql.models.tabular_loss import loss
from ecomsql.models.target import Target, probabilities


def table_metrics(raw: Matrix, target: Target) -> dict[str, float]:
    """Return figures by name: of classes or of numbers.

    Parameters
    ----------
    raw : float64 array, shape (n_rows, outputs)
        Log-odds or numbers.
    """
    return _of_numbers(raw, target) if target.classes == 0 else _of_classes(raw, target)


def _of_numbers(raw: Matrix, target: Target) -> dict[str, float]:
    rest = raw[:, 0] - target.values
    spread = float(np.square(target.values - target.values.mean()).sum())
    squares = float(np.square(rest).sum())
    found = {"rmse": (squares / len(rest)) ** 0.5, "mae": float(np.abs(rest).mean())}
    return found | ({"r2": 1.0 - squares / spread} if spread > 0 else {})


def _of_classes(raw: Matrix, target: Target) -> dict[str, float]:
    chances = probabilities(raw)
    guessed = chances.argmax(axis=1)
    right = guessed == target.codes
    found = {"accuracy": float(right.mean()), "log_loss": loss(raw, target)}
    if target.classes == 2:
        positive = target.codes == 1
        found["auc"] = auc(positive, chances[:, 1])
        found["average_precision"] = average_precision(positive, chances[:, 1])
        found["calibration_error"] = calibration_error(positive, chances[:, 1])
    else:
        found["calibration_error"] = calibration_error(right, chances.max(axis=1))
    return {name: value for name, value in found.items() if np.isfinite(value)}
