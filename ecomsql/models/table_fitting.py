"""Fits a model over a table: validation, calibration, choice of method, and then all rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecomsql import options as check
from ecomsql.features.table import Matrix, Schema, Table
from ecomsql.models import tabular
from ecomsql.models.binary_metrics import best_threshold
from ecomsql.models.blend import Blend
from ecomsql.models.cross_validation import OutOfFold, out_of_fold
from ecomsql.models.permutation import permutation_importance
from ecomsql.models.predictor import Predictor
from ecomsql.models.table_metrics import table_metrics
from ecomsql.models.table_model import TableModel
from ecomsql.models.tabular_loss import loss
from ecomsql.models.target import Target, probabilities
from ecomsql.models.tuning import TRIALS, tuned
from ecomsql.models.workers import workers
from ecomsql.progress import track

SMALL = 10
"""Rows below which nothing is held out."""
LOOKED_AT = 50_000
"""Training rows that the figures of training are of, at most."""


def methods() -> list[str]:
    """Return the names that `method` may have."""
    return [*tabular.methods(), "auto"]


def fit_table(
    method: Any,
    schema: Schema,
    table: Table,
    target: Target,
    *,
    classes: tuple[str, ...],
    seed: int,
    tune: bool = False,
    trials: int = TRIALS,
    threshold: float | str = 0.5,
    options: Mapping[str, Any] | None = None,
    held_out: NDArray[np.bool_] | None = None,
) -> TableModel:
    """Fit `method` on a table.

    Rows that are held out, fold by fold, say how much effort is best, how to calibrate, and with
    'auto' how to blend lightgbm, mlp and linear; what is kept learns from all rows.

    Parameters
    ----------
    method : str
        One of :func:`methods`.
    table, target
        Rows in a random order; at least 2 of each class.
    classes : tuple of str
        Names of the classes; empty for numbers.
    tune : bool
        Look for better options of each method first.
    trials : int
        How many are tried.
    threshold : float or str
        Of two classes, the probability from which on the positive one is predicted; 'f1' or
        'balanced': what is best for that on the rows that were held out.
    options : mapping, optional
        The method's own options; None means its default.
    held_out : bool array, shape (n_rows,), optional
        The rows to hold out, once, instead of folds: the latest, where rows have times. With none
        of them the options and the calibration stay as they are, and 'auto' is linear.

    Raises
    ------
    OptionError
        For an unknown method, an option it does not have, or a value out of range.
    """
    name = check.choice("method", method, methods())
    names = tabular.methods() if name == "auto" else [name]
    own = {one: _own(one, options or {}, alone=name != "auto") for one in names}
    if len(table) < SMALL or (held_out is not None and not held_out.any()):
        cut = 0.5 if isinstance(threshold, str) else threshold
        return _small(names, schema, table, target, classes, seed, own, cut)
    if tune:
        for one in names:
            own[one] |= tuned(one, table, target, seed=seed, given=own[one], trials=trials)
    held = {
        one: out_of_fold(one, table, target, seed=seed, options=own[one], held_out=held_out)
        for one in track(names, "validation")
    }
    blend = Blend.fit([found.raw for found in held.values()], target.take(_rows(held)))
    kept = [at for at in range(len(names)) if blend.weights[at] > 0] or [0]
    blend = Blend(blend.weights[kept], blend.shift)
    chosen = [names[at] for at in kept]
    members = _members(chosen, table, target, seed, held, own)
    picked = {one: held[one] for one in chosen}
    outside = blend([found.raw for found in picked.values()]), target.take(_rows(held))
    cut = _threshold(threshold, *outside) if target.classes == 2 else 0.5
    model = TableModel(schema, members, blend, classes, {}, {}, cut)
    model.metrics.update(_metrics(model, held, picked, table, target, own))
    model.importance.update(_importance(model, picked, table, target, seed))
    return model


def _members(
    names: list[str],
    table: Table,
    target: Target,
    seed: int,
    held: Mapping[str, OutOfFold],
    own: Mapping[str, dict[str, Any]],
) -> tuple[Predictor, ...]:
    """Fit each method on all rows, a method a core."""
    fitted: dict[str, Predictor] = {}

    def fit(name: str) -> None:
        found = tabular.method(name).fit(
            table, target, seed=seed, effort=held[name].effort, **own[name]
        )
        fitted[name] = found

    with workers() as run:
        run(fit, names)
    return tuple(fitted[name] for name in names)


def _own(method: str, options: Mapping[str, Any], *, alone: bool) -> dict[str, Any]:
    """Return the options of a method; of several, each gets those that it has."""
    fit = tabular.method(method).fit
    given = {name: value for name, value in options.items() if value is not None}
    if not alone:
        takes = check.keywords(fit)
        shared = set().union(*(check.keywords(tabular.method(m).fit) for m in tabular.methods()))
        given = {n: v for n, v in given.items() if n in takes or n not in shared}
    return check.accepted(method, fit, given)


def _threshold(wanted: float | str, raw: Matrix, truth: Target) -> float:
    """Return the threshold, the best on held-out rows where a measure is given."""
    if isinstance(wanted, str):
        return best_threshold(truth.codes == 1, probabilities(raw)[:, 1], wanted)
    return wanted


def _rows(held: Mapping[str, OutOfFold]) -> Any:
    return next(iter(held.values())).rows


def _small(
    names: list[str],
    schema: Schema,
    table: Table,
    target: Target,
    classes: tuple[str, ...],
    seed: int,
    own: dict[str, dict[str, Any]],
    threshold: float,
) -> TableModel:
    """Fit the simplest method there is where no rows can be held out."""
    name = "linear" if "linear" in names else names[0]
    member = tabular.method(name).fit(table, target, seed=seed, **own[name])
    blend = Blend(np.ones(1), np.zeros(target.outputs))
    few = f"fewer than {SMALL} rows"
    why = f"{few if len(table) < SMALL else 'too little history'}: none were held out"
    model = TableModel(schema, (member,), blend, classes, {}, {"note": why}, threshold)
    model.metrics["train"] = table_metrics(model.raw(table), target)
    model.metrics["base"] = _base(model, table)
    return model


def _metrics(
    model: TableModel,
    held: Mapping[str, OutOfFold],
    picked: Mapping[str, OutOfFold],
    table: Table,
    target: Target,
    own: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the figures of training and of held-out rows side by side, and what was chosen."""
    truth = target.take(_rows(held))
    some = slice(0, LOOKED_AT)
    outside = model.blend([found.raw for found in picked.values()])
    found: dict[str, Any] = {
        "train": table_metrics(model.raw(table.take(some)), target.take(some)),
        "validation": table_metrics(outside, truth),
        "validated_rows": len(truth),
        "weights": dict(zip(picked, np.round(model.blend.weights, 4).tolist(), strict=True)),
        "shift": model.blend.shift.tolist(),
        "effort": {name: one.effort for name, one in picked.items()},
        "options": {name: own[name] for name in picked if own[name]},
        "features": len(model.schema.features),
        "base": _base(model, table),
    }
    if len(held) > 1:
        found["candidates"] = {
            name: loss(Blend.fit([one.raw], truth)([one.raw]), truth) for name, one in held.items()
        }
    if target.classes == 2:
        found["threshold"] = model.threshold
    if target.classes:
        counts = np.bincount(target.codes, minlength=target.classes)
        found["classes"] = dict(zip(model.classes, counts.tolist(), strict=True))
    return found


def _base(model: TableModel, table: Table) -> float | None:
    """Return the answer when nothing is known, where it is one number."""
    found = model.contributions(table.take(slice(0, 1)))
    return float(found[0, -1]) if len(model.blend.shift) == 1 else None


def _importance(
    model: TableModel,
    picked: Mapping[str, OutOfFold],
    table: Table,
    target: Target,
    seed: int,
) -> dict[str, Any]:
    """Return the importances, by kind; the permutations are of rows that were held out."""
    lasts = [one.last for one in picked.values()]
    rows = next(iter(picked.values())).last_rows
    found = {
        "permutation": permutation_importance(
            lambda some: model.blend([one.raw(some) for one in lasts]),
            table.take(rows),
            target.take(rows),
            model.schema.owners,
            seed=seed,
        )
    }
    for member in model.members:
        gains = member.gains()
        if gains is not None:
            count = len(model.schema.features)
            sums = np.bincount(model.schema.owners, weights=gains, minlength=count)
            found["gain"] = sums.astype(np.float64)
    return found
