"""What predictors say of rows that they have not learned from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.table import Matrix, Table
from ecomsql.models import tabular
from ecomsql.models.folds import folds
from ecomsql.models.predictor import Predictor
from ecomsql.models.target import Target
from ecomsql.models.workers import workers

FOLDS = 5
CROSSED = 50_000
"""Rows up to which every row is predicted once, by models that learned from the other folds.
Above that, one fold is held out."""
HELD = 100_000
"""Rows held out, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class OutOfFold:
    """Predictions for rows that were held out.

    Attributes
    ----------
    rows : int64 array, shape (n,)
        Which rows these are.
    raw : float64 array, shape (n, outputs)
        What the predictor said of them.
    effort : float
        How much effort was best, the median over the folds.
    last : Predictor
        That of the last fold.
    last_rows : int64 array
        The rows that it has not learned from.
    """

    rows: NDArray[np.int64]
    raw: Matrix
    effort: float
    last: Predictor
    last_rows: NDArray[np.int64]


def splits(
    target: Target, held_out: NDArray[np.bool_] | None = None
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield the rows to learn from and those held out, once or for each fold."""
    if held_out is not None:
        yield np.flatnonzero(~held_out), np.flatnonzero(held_out)
        return
    n = len(target)
    if n > CROSSED:
        held = folds(target, max(FOLDS, -(-n // HELD))) == 0
        yield np.flatnonzero(~held), np.flatnonzero(held)
        return
    dealt = folds(target, FOLDS)
    for fold in range(FOLDS):
        yield np.flatnonzero(dealt != fold), np.flatnonzero(dealt == fold)


def out_of_fold(
    method: str,
    table: Table,
    target: Target,
    *,
    seed: int,
    options: Mapping[str, Any],
    held_out: NDArray[np.bool_] | None = None,
) -> OutOfFold:
    """Fit `method` without some rows and predict those, for every fold.

    The held-out rows also say how much effort is best (trees, epochs, a penalty).

    Parameters
    ----------
    table, target
        Rows in a random order.
    options : mapping
        The method's own options.
    held_out : bool array, shape (n_rows,), optional
        The rows to hold out, where random ones would tell of the others.
    """
    pieces = [
        (learned, held) for learned, held in splits(target, held_out) if len(learned) and len(held)
    ]
    fitted: list[Predictor | None] = [None] * len(pieces)
    raws: list[Matrix | None] = [None] * len(pieces)

    def fit(at: int) -> None:
        learned, held = pieces[at]
        watch = (table.take(held), target.take(held))
        one = tabular.method(method).fit(
            table.take(learned), target.take(learned), seed=seed, watch=watch, **options
        )
        fitted[at], raws[at] = one, one.raw(watch[0])

    # A fold a core: small fits gain nothing from several.
    with workers() as run:
        run(fit, range(len(pieces)))
    found = [one for one in fitted if one is not None]
    return OutOfFold(
        np.concatenate([held for _, held in pieces]),
        np.concatenate([raw for raw in raws if raw is not None]),
        float(np.median([one.effort for one in found])),
        found[-1],
        pieces[-1][1],
    )
