"""Reads the numbers beside series that the macro _series_beside has put on their steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ecomsql import roles
from ecomsql.errors import ColumnError, DataError, OptionError, listed

from ._calls import NOTHING

if TYPE_CHECKING:
    from ecomsql.models.known_ahead import Known
    from ecomsql.models.series_batch import SeriesBatch

TAKES = (
    "STRUCT(codes INTEGER[], places BIGINT[], columns INTEGER[], "
    + '"values" DOUBLE[], ahead BOOLEAN[], future_columns VARCHAR[])'
)


def check_covariates(wanted: Mapping[str, Any], beside: pa.StructArray) -> list[str]:
    """Return the names of the covariates, in lower case and their order in the data.

    Parameters
    ----------
    wanted : mapping
        `options`, with `covariates` and perhaps `future`; `columns`; `roles`.
    beside : struct array
        The single row of the macro _series_beside.
    """
    given = wanted["options"]["covariates"]
    if given is None:
        given = []
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise OptionError("covariates is a list of names of columns, like ['promotion']")
    there = wanted["columns"] or []
    found = {one.lower() for one in roles.resolve_list("covariates", given, there)}
    taken = {str(one).lower() for one in wanted["roles"].values() if one is not None}
    if found & taken:
        raise OptionError(f"covariates has '{min(found & taken)}', which is a column of the series")
    training = wanted["options"]["function"].startswith(("train_", "backtest_"))
    future = wanted["options"].get("future", NOTHING)
    if found and future == NOTHING and not training:
        raise OptionError(
            "covariates have to be known ahead: give future := 'relation' with their values for "
            "the steps to come"
        )
    if not found and future != NOTHING:
        raise OptionError("future has covariates: name them, like covariates := ['promotion']")
    if not training and found:
        _check_future(future, str(wanted["roles"]["time_col"]), _future_columns(beside), found)
    return [one.lower() for one in there if one.lower() in found]


def _check_future(future: str, time_col: str, ahead: list[str], covariates: set[str]) -> None:
    there = {one.lower() for one in ahead}
    missing = {time_col.lower(), *covariates} - there
    if missing:
        raise ColumnError(
            f"future := '{future}' has no column '{min(missing)}'; its columns are: {listed(ahead)}"
        )


def _future_columns(beside: pa.StructArray) -> list[str]:
    found: list[str] = beside.field("future_columns")[0].as_py() or []
    return found


def known_ahead(
    beside: pa.StructArray,
    batch: SeriesBatch,
    horizon: int,
    wanted: Mapping[str, Any],
    covariates: list[str],
) -> Known | None:
    """Return what stands beside the series; None without covariates.

    Raises
    ------
    DataError
        For what is no number.
    """
    from ecomsql.features.known_steps import known_steps
    from ecomsql.models.known_ahead import Known

    if not covariates:
        return None
    codes, places, columns, values, ahead = (
        beside.field(name).flatten() for name in ("codes", "places", "columns", "values", "ahead")
    )
    if values.null_count:
        raise DataError(
            f"covariates hold {values.null_count} values that are no numbers; they have to be "
            "numbers or booleans"
        )
    is_ahead = ahead.to_numpy(zero_copy_only=False).astype(bool)
    order = {True: _order(_future_columns(beside), covariates)}
    order[False] = _order(wanted["columns"], covariates)
    place = columns.to_numpy().astype(np.int64) - 1
    for side in (True, False):
        if len(order[side]):
            place[is_ahead == side] = order[side][place[is_ahead == side]]
    steps = places.to_numpy()
    # What the future says of the past is no news, nor does the past know of the future.
    kept = is_ahead == (steps > 0)
    shape = (len(batch), batch.values.shape[1], horizon, len(covariates))
    series = codes.to_numpy().astype(np.int64)[kept]
    numbers = values.to_numpy()[kept]
    return Known(*known_steps(series, steps[kept], place[kept], numbers, shape))


def _order(columns: list[str] | None, covariates: list[str]) -> np.ndarray:
    """Return the place among the covariates of each that a relation has, in its own order."""
    there = [one.lower() for one in columns or [] if one.lower() in covariates]
    return np.array([covariates.index(one) for one in there], dtype=np.int64)
