"""Matrix factorisation by alternating least squares."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import torch

from ecomsql import options as check
from ecomsql.errors import ModelError, OptionError
from ecomsql.features.interactions import Interactions
from ecomsql.models.explicit_als import Baseline, fit_explicit, fold_in_explicit
from ecomsql.models.factors import FEEDBACK, FactorModel, factor_array, recent
from ecomsql.models.implicit_als import confidence_rows, fit_implicit
from ecomsql.models.least_squares import Space, ridge_rows, row_chunks, whitened
from ecomsql.models.workers import Workers


class Model(FactorModel):
    """Factors of users and items whose product is the preference, or the rating.

    Implicit feedback: every item not taken is a weak 0, every item taken a 1 with the confidence
    ``1 + alpha * weight`` (Hu, Koren, Volinsky: Collaborative filtering for implicit feedback
    datasets, 2008). Explicit: only ratings count, the regularisation grows with their number
    (Zhou et al.: Large-scale parallel collaborative filtering for the Netflix prize, 2008),
    around means of the items and users. Users are folded in by one exact half-step.
    """

    method = "als"

    def __init__(
        self,
        item_factors: torch.Tensor,
        average: torch.Tensor,
        baseline: Baseline | None,
        values: dict[str, Any],
    ) -> None:
        self.item_factors = item_factors
        self.n_items = len(item_factors)
        self.average = average
        self.baseline = baseline
        self.alpha = float(values["alpha"])
        self.regularization = float(values["regularization"])
        self.recency = float(values["recency"])
        self._space: Space | None = None
        self.metrics: dict[str, Any] = {}

    @classmethod
    def fit(
        cls,
        data: Interactions,
        *,
        seed: int,
        factors: int = 128,
        iterations: int = 15,
        regularization: float | None = None,
        alpha: float = 80.0,
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
            Times that users and items are both solved for.
        regularization : float, optional
            Weight of the squared factors; by default 10 for implicit feedback, 0.1 for explicit.
        alpha : float
            Confidence that a weight of 1 adds; implicit feedback only.
        recency : float in (0, 1], optional
            When a user is folded in, an item `steps` back counts ``recency ** steps`` as much;
            1 is off. By default 0.3 for implicit feedback and 1 for explicit.
        feedback : {'implicit', 'explicit'}
            What the weights are.

        Raises
        ------
        OptionError
            For a value out of range.
        """
        feedback = check.choice("feedback", feedback, FEEDBACK)
        explicit = feedback == "explicit"
        values = {
            "alpha": check.number("alpha", alpha, low=1e-6),
            "regularization": check.number(
                "regularization",
                (0.1 if explicit else 10.0) if regularization is None else regularization,
                low=1e-6,
            ),
            "recency": _recency((1.0 if explicit else 0.3) if recency is None else recency),
        }
        sizes = {
            "factors": check.whole("factors", factors, at_least=1),
            "iterations": check.whole("iterations", iterations, at_least=1),
        }
        if explicit:
            items, baseline, metrics = fit_explicit(
                data, seed=seed, regularization=values["regularization"], **sizes
            )
            model = cls(items, torch.zeros(items.shape[1]), baseline, values)
        else:
            excess = (values["alpha"] * data.weights).astype(np.float32)
            items, average, metrics = fit_implicit(
                data, excess, seed=seed, regularization=values["regularization"], **sizes
            )
            model = cls(items, average, None, values)
        model.metrics = metrics
        return model

    def fold_in(self, history: Interactions, run: Workers) -> torch.Tensor:
        """Return the factors of users by one exact half-step from their history."""
        counts = recent(history, self.recency)
        if self.baseline is not None:
            return fold_in_explicit(
                self.item_factors, self.baseline, history, counts, self.regularization, run
            )
        if self._space is None:
            self._space = whitened(self.item_factors, self.regularization, run)
        matrix = confidence_rows(history, (self.alpha * history.weights * counts).astype("f4"))
        rows = row_chunks(matrix, self.item_factors.shape[1])
        return ridge_rows(self._space, rows, history.n_users, run)

    def user_vectors(self, history: Interactions, run: Workers) -> torch.Tensor:
        """Return the factors, and for ratings what is multiplied with the items' means."""
        if self.baseline is None:
            return super().user_vectors(history, run)
        factors = self.fold_in(history, run)
        level = self.baseline.mean + self.baseline.user_bias(history)
        return torch.cat([factors, torch.ones(len(factors), 1), level.unsqueeze(1)], dim=1)

    def item_vectors(self) -> torch.Tensor:
        """Return the factors, with the items' means and a 1 beside them for ratings."""
        if self.baseline is None:
            return self.item_factors
        bias = self.baseline.item_bias.unsqueeze(1)
        return torch.cat([self.item_factors, bias, torch.ones_like(bias)], dim=1)

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the items' factors, the average user, and for ratings the items' means."""
        arrays = {"item_factors": self.item_factors.numpy(), "average": self.average.numpy()}
        values: dict[str, Any] = {
            "alpha": self.alpha,
            "regularization": self.regularization,
            "recency": self.recency,
        }
        if self.baseline is not None:
            arrays["item_bias"] = self.baseline.item_bias.numpy()
            values["mean"] = self.baseline.mean
        return arrays, values

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray], values: dict[str, Any]) -> Self:
        """Restore from :meth:`state`, with nothing taken on trust."""
        items = factor_array(arrays, "item_factors", (None, None))
        average = factor_array(arrays, "average", (items.shape[1],))
        baseline = None
        try:
            if "item_bias" in arrays:
                bias = factor_array(arrays, "item_bias", (len(items),))
                mean = check.number("mean", values["mean"], low=-1e30, high=1e30)
                baseline = Baseline(mean, bias)
            numbers = {
                "alpha": check.number("alpha", values["alpha"], low=1e-6),
                "regularization": check.number(
                    "regularization", values["regularization"], low=1e-6
                ),
                "recency": _recency(values["recency"]),
            }
        except (KeyError, OptionError) as error:
            raise ModelError(f"the stored als model does not fit together: {error}") from error
        return cls(items, average, baseline, numbers)


def _recency(value: Any) -> float:
    return check.number("recency", value, low=1e-6, high=1.0)
