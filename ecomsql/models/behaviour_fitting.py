"""Fits a model of behaviour on points in the past and on what happened after them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecomsql import options as check
from ecomsql.errors import DataError
from ecomsql.features.as_of_points import as_of_points, happened
from ecomsql.features.behaviour import behaviour, seen
from ecomsql.features.calendar import DAY
from ecomsql.features.event_log import EventLog, is_purchase
from ecomsql.features.event_sequences import event_sequences
from ecomsql.features.table import Rows, Schema
from ecomsql.models.behaviour_model import BY_EVENTS, BehaviourModel, feature_rows
from ecomsql.models.table_fitting import fit_table, methods
from ecomsql.models.table_model import TableModel
from ecomsql.models.target import Target

if TYPE_CHECKING:
    from ecomsql.models.sequence_model import SequenceModel

MOST_ROWS = 400_000
"""Rows to learn from, at most; of more users, that many are drawn."""
JUDGED = 5
"""Rows of either answer that have to be held out to judge by."""
CLASSES = ("false", "true")


def check_method(method: Any) -> str:
    """Return the method; raise OptionError for one that does not exist."""
    return check.choice("method", method, [*BY_EVENTS, *methods()])


def fit_behaviour(
    task: str, log: EventLog, *, horizon: float, end: float, per: str, method: Any, seed: int
) -> BehaviourModel:
    """Fit `method` on what happened before a time.

    The past is cut into several points (see :func:`~ecomsql.features.as_of_points.as_of_points`).
    Those before the last say how, and how well on it, effort, calibration and with 'auto' the
    blend; then all points are learned from. Validation is thus always later than what is learned,
    and no label of training reaches into it.

    Parameters
    ----------
    task : {'purchase', 'churn'}
        Churn is that nothing is bought; where nobody ever buys, that nothing happens.
    log : EventLog
    horizon : float
        How far is looked ahead, in seconds.
    end : float
        Nothing at or after this time is looked at, in seconds.
    per : {'user', 'user_item'}
    method : str
        lightgbm, mlp, linear or auto over features; gru or attention over the last events.
    seed : int
        Same data and seed, same model.

    Raises
    ------
    DataError
        If the history is not longer than the horizon.
    """
    name = check_method(method)
    past = EventLog(log.before(end))
    points = _points(past, end, horizon)
    users = _drawn(past, len(points), seed)
    rows = (seen if name in BY_EVENTS else behaviour)(past, points, per=per, users=users)
    # Users with full carts can be more rows than users are allowed to be.
    rows = rows[np.random.default_rng(seed).permutation(len(rows))[:MOST_ROWS]]
    labels = _labels(task, past, rows, horizon)
    base = float((labels.sum() + 1) / (len(labels) + 2))
    notes: dict[str, Any] = {
        "as_of_points": [_date(point) for point in points],
        "rows": len(rows),
        "base_rate": base,
    }
    told = _fitted(name, per, past, rows, labels, seed) if _enough(labels) else None
    if told is None:
        notes["note"] = "nothing to tell apart: the answer is the base rate"
        return BehaviourModel(task, horizon, per, base, None, notes)
    metrics = {**told.metrics, **notes}
    if isinstance(told, TableModel):
        return BehaviourModel(task, horizon, per, base, told, metrics)
    return BehaviourModel(task, horizon, per, base, None, metrics, told)


def _fitted(
    name: str, per: str, past: EventLog, rows: pl.DataFrame, labels: NDArray[np.bool_], seed: int
) -> TableModel | SequenceModel | None:
    """Return what tells rows apart; None where no feature does."""
    held_out = _held_out(rows["cut"].to_numpy(), labels)
    target = Target(labels.astype(np.float64), 2)
    if name in BY_EVENTS:
        from ecomsql.models.sequence_model import SequenceModel

        sequences = event_sequences(past, rows)
        return SequenceModel.fit(name, sequences, target, seed=seed, held_out=held_out)
    features = feature_rows(rows)
    if not _varied(features):
        return None
    schema = Schema.fit(features, range(len(features.names)))
    table = schema.table(features, schema.places(features.names))
    options = _options(name, len(rows)) if per == "user" else {}
    return fit_table(
        name,
        schema,
        table,
        target,
        classes=CLASSES,
        seed=seed,
        options=options,
        held_out=held_out,
    )


def _labels(task: str, past: EventLog, rows: pl.DataFrame, horizon: float) -> NDArray[np.bool_]:
    """Return what a row is to be told by: whether a purchase follows, or none."""
    bought = task == "purchase" or bool(past.frame.select(is_purchase.any()).item())
    found: NDArray[np.bool_] = happened(past, rows, horizon, bought=bought).to_numpy()
    return found if task == "purchase" else ~found


def _options(name: str, rows: int) -> dict[str, Any]:
    """Return the options of a method for users: they are noisy, so trees and networks are small.

    Chosen on orders of a real shop whose outcomes end 60 days before its data do, and on a
    generated one's. Of items in carts few are bought, and the defaults do better.
    """
    trees = {
        "leaves": 8,
        "min_rows": min(max(rows // 150, 20), 100),
        "share_of_columns": 0.2,
        "share_of_rows": 0.5,
    }
    network = {"units": 64, "dropout": 0.5}
    return {"lightgbm": trees, "mlp": network, "auto": trees | network}.get(name, {})


def _points(past: EventLog, end: float, horizon: float) -> list[float]:
    points = as_of_points(past.first, end, horizon) if len(past.frame) else []
    if not points:
        history = (end - past.first) / DAY if len(past.frame) else 0.0
        raise DataError(
            f"there are {history:.1f} days of history to learn from, and {horizon / DAY:g} days "
            f"to look ahead: the history has to be longer; take a shorter horizon or more data"
        )
    return points


def _drawn(past: EventLog, points: int, seed: int) -> pl.Series | None:
    """Return the users to learn from, where all of them are too many."""
    users = past.frame["user"].unique().sort()
    most = MOST_ROWS // points
    if len(users) <= most:
        return None
    picked = np.random.default_rng(seed).choice(len(users), most, replace=False)
    return users.gather(np.sort(picked))


def _enough(labels: NDArray[np.bool_], *, of_each: int = 2) -> bool:
    """Whether there are enough rows of either answer."""
    return of_each <= int(labels.sum()) <= len(labels) - of_each


def _varied(rows: Rows) -> bool:
    """Whether any feature differs between rows."""
    numbers = np.nan_to_num(rows.numbers, nan=-1.0)
    return len(numbers) > 0 and bool((numbers != numbers[0]).any())


def _held_out(cuts: NDArray[np.float64], labels: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which rows to hold out: of the last point, or as many as it takes to have both."""
    for first in np.unique(cuts)[:0:-1]:
        held: NDArray[np.bool_] = cuts >= first
        if _enough(labels[held], of_each=JUDGED) and _enough(labels[~held]):
            return held
    return np.zeros(len(cuts), dtype=np.bool_)


def _date(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
