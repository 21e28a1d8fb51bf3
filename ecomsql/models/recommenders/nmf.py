"""Non-negative matrix factorisation."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import torch

from ecomsql import options as check
from ecomsql.errors import ModelError, OptionError
from ecomsql.features.interactions import Interactions
from ecomsql.models.explicit_nmf import fit_rated_nmf, fold_in_rated_nmf
from ecomsql.models.factors import FEEDBACK, FactorModel, factor_array, recent
from ecomsql.models.implicit_nmf import fit_nmf, fold_in_nmf
from ecomsql.models.workers import Workers


class Model(FactorModel):
    """Non-negative factors of users and items: parts that add up to the weights.

    Implicit feedback: the whole matrix, an item not taken being a 0, by hierarchical alternating
    least squares (Cichocki, Phan 2009). Explicit: the ratings that are there, by multiplicative
    updates (Zhang et al. 2006). Users are folded in by non-negative least squares.
    """

    method = "nmf"

    def __init__(
        self, item_factors: torch.Tensor, average: torch.Tensor, values: dict[str, Any]
    ) -> None:
        self.item_factors = item_factors
        self.n_items = len(item_factors)
        self.average = average
        self.feedback = str(values["feedback"])
        self.regularization = float(values["regularization"])
        self.recency = float(values["recency"])
        self.metrics: dict[str, Any] = {}

    @classmethod
    def fit(
        cls,
        data: Interactions,
        *,
        seed: int,
        factors: int = 64,
        iterations: int = 30,
        regularization: float | None = None,
        recency: float | None = None,
        feedback: str = "implicit",
    ) -> Self:
        """Learn item factors.

        Parameters
        ----------
        data : Interactions
            Weights are strengths (implicit) or ratings (explicit).
        seed : int
            For the factors to start from.
        factors : int
            Length of the vectors.
        iterations : int
            Times that users and items are both improved.
        regularization : float, optional
            Weight of the squared factors, 0 for none; by default 0.3 for implicit feedback, 1
            for explicit.
        recency : float in (0, 1], optional
            When a user is folded in, an item `steps` back counts ``recency ** steps`` as much;
            1 is off. By default 0.7 for implicit feedback and 1 for explicit.
        feedback : {'implicit', 'explicit'}
            What the weights are.

        Raises
        ------
        OptionError
            For a value out of range.
        """
        feedback = check.choice("feedback", feedback, FEEDBACK)
        explicit = feedback == "explicit"
        values = _checked(
            {
                "feedback": feedback,
                "regularization": (1.0 if explicit else 0.3)
                if regularization is None
                else regularization,
                "recency": (1.0 if explicit else 0.7) if recency is None else recency,
            }
        )
        items, average, metrics = (fit_rated_nmf if explicit else fit_nmf)(
            data,
            seed=seed,
            factors=check.whole("factors", factors, at_least=1),
            iterations=check.whole("iterations", iterations, at_least=1),
            regularization=values["regularization"],
        )
        model = cls(items, average, values)
        model.metrics = metrics
        return model

    def fold_in(self, history: Interactions, run: Workers) -> torch.Tensor:
        """Return the best non-negative factors of users for the items' factors."""
        counts = recent(history, self.recency)
        if self.feedback == "explicit":
            return fold_in_rated_nmf(self.item_factors, history, counts, self.regularization, run)
        matrix = history.matrix(history.weights * counts)
        return fold_in_nmf(self.item_factors, matrix, self.regularization, run)

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the items' factors and the average user."""
        arrays = {"item_factors": self.item_factors.numpy(), "average": self.average.numpy()}
        values = {
            "feedback": self.feedback,
            "regularization": self.regularization,
            "recency": self.recency,
        }
        return arrays, values

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray], values: dict[str, Any]) -> Self:
        """Restore from :meth:`state`, with nothing taken on trust."""
        items = factor_array(arrays, "item_factors", (None, None))
        average = factor_array(arrays, "average", (items.shape[1],))
        if bool((items < 0).any()) or bool((average < 0).any()):
            raise ModelError("the stored nmf model has factors below 0")
        try:
            return cls(items, average, _checked(values))
        except (KeyError, OptionError) as error:
            raise ModelError(f"the stored nmf model does not fit together: {error}") from error


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "feedback": check.choice("feedback", values["feedback"], FEEDBACK),
        "regularization": check.number("regularization", values["regularization"], low=0.0),
        "recency": check.number("recency", values["recency"], low=1e-6, high=1.0),
    }
