"""Gradient-boosted trees."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, Self

import lightgbm
import numpy as np

from ecomsql import options as check
from ecomsql.errors import ModelError
from ecomsql.features.table import Matrix, Table
from ecomsql.models.predictor import Predictor
from ecomsql.models.target import Target
from ecomsql.models.tree_scorer import TreeScorer
from ecomsql.models.tree_splits import LEAVES
from ecomsql.models.tree_text import checked_trees
from ecomsql.progress import checkpoint

ROUNDS = 1_000
"""Trees at most, where held-out rows say when to stop."""
PATIENCE = 50
"""Trees without an improvement before training stops."""
GAIN = 1e-4
"""What counts as an improvement: of the log loss, or as a share of the variance of numbers."""
ALONE = 50_000
"""Rows up to which one core is faster than several."""
UNWATCHED = 200
"""Trees where nothing says how many are best."""


class Model(Predictor):
    """LightGBM (Ke et al.: LightGBM, a highly efficient gradient boosting decision tree, 2017).

    Categories are split on as sets, missing values go the way that is better. The trees stop
    where the loss on held-out rows is least.
    """

    method = "lightgbm"
    choices: ClassVar[Mapping[str, tuple[float, ...]]] = {
        "learning_rate": (0.02, 0.03, 0.05),
        "leaves": (4, 6, 8, 12, 16, 24, 32, 48),
        "min_rows": (5, 10, 20, 40, 80),
        "share_of_columns": (0.3, 0.4, 0.5, 0.6, 0.8),
        "share_of_rows": (0.6, 0.7, 0.8, 0.9),
        "penalty": (0.0, 1.0, 3.0, 10.0, 30.0),
    }

    def __init__(self, booster: lightgbm.Booster, effort: float) -> None:
        self.booster = booster
        self.effort = effort
        self.outputs = booster.num_model_per_iteration()

    @classmethod
    def fit(
        cls,
        table: Table,
        target: Target,
        *,
        seed: int,
        watch: tuple[Table, Target] | None = None,
        effort: float | None = None,
        learning_rate: float = 0.05,
        leaves: int = 15,
        min_rows: int = 20,
        share_of_columns: float = 0.6,
        share_of_rows: float = 0.8,
        penalty: float = 1.0,
    ) -> Self:
        """Grow the trees.

        Parameters
        ----------
        learning_rate : float
            How much of each tree counts.
        leaves : int
            Leaves of a tree, at most.
        min_rows : int
            Rows in a leaf, at least.
        share_of_columns, share_of_rows : float in (0, 1]
            What a tree gets to see, chosen at random.
        penalty : float
            Weight of the squared values of the leaves.
        """
        settings = {
            **_objective(target),
            "learning_rate": check.number("learning_rate", learning_rate, low=1e-4, high=1.0),
            "num_leaves": check.whole("leaves", leaves, at_least=2),
            "min_data_in_leaf": check.whole("min_rows", min_rows, at_least=1),
            "feature_fraction": check.number(
                "share_of_columns", share_of_columns, low=0.01, high=1
            ),
            "bagging_fraction": check.number("share_of_rows", share_of_rows, low=0.01, high=1),
            "bagging_freq": 1,
            "lambda_l2": check.number("penalty", penalty, low=0),
            "seed": seed % 2**31,
            "deterministic": True,
            "force_col_wise": True,
            "num_threads": 1 if len(table) <= ALONE else 0,
            "verbosity": -1,
        }
        data = _dataset(table, target)
        least = GAIN * (float(target.values.var()) if target.classes == 0 else 1.0)
        stopping = lightgbm.early_stopping(PATIENCE, verbose=False, min_delta=least)
        booster = lightgbm.train(
            settings,
            data,
            num_boost_round=ROUNDS if watch else max(round(effort or UNWATCHED), 1),
            valid_sets=[_dataset(*watch, reference=data)] if watch else None,
            callbacks=[lambda _: checkpoint(), *([stopping] if watch else [])],
        )
        best = booster.best_iteration if booster.best_iteration > 0 else booster.current_iteration()
        if watch:
            booster = lightgbm.Booster(model_str=booster.model_to_string(num_iteration=best))
        return cls(booster, float(best))

    def raw(self, table: Table) -> Matrix:
        """Return the sum of the trees."""
        if self.scorer is not None:
            return self.scorer(table.values)
        found = self.booster.predict(table.values, raw_score=True, num_threads=_threads(table))
        return np.asarray(found).reshape(len(table), self.outputs)

    @cached_property
    def scorer(self) -> TreeScorer | None:
        """What scores several times faster than LightGBM; None for trees of more than 64 leaves."""
        dump = self.booster.dump_model()
        if any(tree["num_leaves"] > LEAVES for tree in dump["tree_info"]):
            return None
        return TreeScorer(dump)

    def contributions(self, table: Table) -> Matrix:
        """Return exact Shapley values over the trees.

        By TreeSHAP (Lundberg, Erion, Lee: Consistent individualized feature attribution for tree
        ensembles, 2018), with the share of training rows that went each way at a split.
        """
        found = self.booster.predict(table.values, pred_contrib=True, num_threads=_threads(table))
        return np.asarray(found).reshape(len(table), self.outputs, -1)

    def gains(self) -> Matrix:
        """Return the loss that the splits on each column took away."""
        return self.booster.feature_importance("gain").astype(np.float64)

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the trees as LightGBM's text."""
        text = self.booster.model_to_string(num_iteration=-1).encode()
        return {"trees": np.frombuffer(text, dtype=np.uint8)}, {"effort": self.effort}

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray], values: dict[str, Any]) -> Self:
        """Restore from :meth:`state`."""
        trees, effort = arrays.get("trees"), values.get("effort")
        if trees is None or trees.dtype != np.uint8 or not isinstance(effort, float):
            raise ModelError("a lightgbm model holds trees as text")
        try:
            booster = lightgbm.Booster(model_str=checked_trees(trees.tobytes().decode()))
        except (lightgbm.basic.LightGBMError, UnicodeDecodeError) as error:
            raise ModelError(f"the trees of the model are damaged: {error}") from error
        return cls(booster, effort)


def _share(name: str, value: float) -> float:
    return check.number(name, value, low=0.01, high=1.0)


def _objective(target: Target) -> dict[str, Any]:
    if target.classes == 0:
        return {"objective": "regression", "metric": "l2"}
    if target.classes == 2:
        return {"objective": "binary", "metric": "binary_logloss"}
    return {"objective": "multiclass", "metric": "multi_logloss", "num_class": target.classes}


def _dataset(
    table: Table, target: Target, *, reference: lightgbm.Dataset | None = None
) -> lightgbm.Dataset:
    return lightgbm.Dataset(
        table.values,
        target.values,
        reference=reference,
        categorical_feature=[at for at, size in enumerate(table.sizes) if size],
        params={"verbosity": -1, "max_bin": 255, "feature_pre_filter": False},
        free_raw_data=True,
    )


def _threads(table: Table) -> int:
    """Return 1 for the batches that SQL sends from several threads, else as many as there are."""
    return 1 if len(table) <= 2048 else 0
