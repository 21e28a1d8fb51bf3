"""Whether one contestant is better than another on the same users, beyond chance."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

DRAWS = 1_000
SEED = 42


def auc_gain(answers: Path, peer: Path) -> dict[str, float]:
    """Return by how much the AUC of some answers is above a peer's, and its 95 % interval.

    Users are drawn with replacement, each with both answers (Efron and Tibshirani: An introduction
    to the bootstrap, 1993, percentile interval).

    Parameters
    ----------
    answers, peer : Path
        Parquet files of ``user_id, bought, probability``, of the same users.
    """
    one, other = (pl.read_parquet(path).sort("user_id") for path in (answers, peer))
    if not one.drop("probability").equals(other.drop("probability")):
        raise ValueError("the answers are not of the same users")
    bought = one["bought"].to_numpy()
    scores = [frame["probability"].to_numpy() for frame in (one, other)]
    random = np.random.default_rng(SEED)
    draws = [random.integers(0, len(bought), len(bought)) for _ in range(DRAWS)]
    gains = [_auc(bought[at], scores[0][at]) - _auc(bought[at], scores[1][at]) for at in draws]
    low, high = np.quantile(gains, [0.025, 0.975])
    gain = _auc(bought, scores[0]) - _auc(bought, scores[1])
    return {"auc_gain": gain, "gain_low": float(low), "gain_high": float(high)}


def _auc(bought: np.ndarray, scores: np.ndarray) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(bought, scores))
