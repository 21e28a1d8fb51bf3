"""Options of EASE chosen on the most popular items alone, where a fit takes a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from scipy.sparse import csr_matrix

from ecomsql import options as check
from ecomsql.features.interactions import Interactions
from ecomsql.models.held_out import HeldOut, Numbers, clearly_best, gains, hold_out, most_popular
from ecomsql.models.item_pairs import forward_matrix, gram_matrix
from ecomsql.models.item_regression import inverse_, regression_weights
from ecomsql.models.profiles import decay
from ecomsql.progress import track

ITEMS = 1500
"""Size of the part of the catalogue."""
USERS = 4000
"""Users of whom an item is held out."""
REGULARIZATIONS = (150.0, 37.5, 75.0, 300.0, 600.0, 1200.0)
TIMES = ((0.8, 0.3), (0.8, 1.0), (1.0, 1.0))
RECENCIES = (0.6, 0.4, 0.8, 1.0)
"""What is tried; the first is the default, and stays unless another is clearly better."""
LARGEST = {"regularization": np.inf, "closeness": 1.0, "reverse": 1.0, "recency": 1.0}


@dataclass(frozen=True, slots=True)
class EaseOptions:
    """The options of EASE that data can choose, as its ``fit`` takes them."""

    regularization: float
    closeness: float
    reverse: float
    recency: float


def tuned(data: Interactions, given: Mapping[str, float | None], *, seed: int) -> EaseOptions:
    """Return the options given, and for those that are None what guesses held-out items best.

    The most popular items are fitted without the items held out. First the use of time is
    chosen, then the regularization.

    Raises
    ------
    OptionError
        An option is out of range.
    """
    fixed = {name: _checked(name, value) for name, value in given.items() if value is not None}
    timed = data.steps is not None and bool(data.steps.any())
    times, recencies = (TIMES, RECENCIES) if timed else (((1.0, 1.0),), (1.0,))
    uses = [
        replace(EaseOptions(REGULARIZATIONS[0], *time, recency), **fixed)
        for time in times
        for recency in recencies
    ]
    if len(fixed) == len(LARGEST):
        return uses[0]
    trial = _Trial(hold_out(most_popular(data, ITEMS), users=USERS, seed=seed))
    use = trial.best(uses)
    return trial.best([replace(use, **{"regularization": r} | fixed) for r in REGULARIZATIONS])


def _checked(name: str, value: float) -> float:
    return check.number(name, value, low=0.0 if name == "reverse" else 1e-3, high=LARGEST[name])


class _Trial:
    """Fits on what is left of part of the catalogue; pairs are counted once a closeness."""

    def __init__(self, held: HeldOut) -> None:
        self.held = held
        self.targets = torch.from_numpy(held.targets)
        self.grams: dict[float, torch.Tensor] = {}
        self.forwards: dict[float, csr_matrix] = {}
        self.fits: dict[tuple[float, float, float], csr_matrix] = {}

    def best(self, tried: Sequence[EaseOptions]) -> EaseOptions:
        """Return which of `tried` guesses best; the first unless another is clearly better."""
        tried = list(dict.fromkeys(tried))
        if len(tried) == 1:
            return tried[0]
        return tried[clearly_best([self._gains(one) for one in track(tried, "options")])]

    def _gains(self, use: EaseOptions) -> Numbers:
        """Return the NDCG@10 for each user held out."""
        history = self.held.history
        profiles = history.matrix(decay(history, use.recency))
        scores = torch.from_numpy((profiles @ self._weights(use)).toarray())
        return gains(scores, history, self.targets, 10).numpy()

    def _weights(self, use: EaseOptions) -> csr_matrix:
        fit = (use.regularization, use.closeness, use.reverse)
        if fit not in self.fits:
            inverse = inverse_(self._gram(use.closeness).clone(), use.regularization)
            forward = None if use.reverse == 1 else self._forward(use.closeness)
            self.fits[fit] = regression_weights(
                inverse, forward, reverse=use.reverse, top=len(inverse)
            )
        return self.fits[fit]

    def _gram(self, closeness: float) -> torch.Tensor:
        if closeness not in self.grams:
            self.grams[closeness] = gram_matrix(self.held.rest, closeness=closeness)
        return self.grams[closeness]

    def _forward(self, closeness: float) -> csr_matrix:
        if closeness not in self.forwards:
            self.forwards[closeness] = forward_matrix(self.held.rest, closeness=closeness)
        return self.forwards[closeness]
