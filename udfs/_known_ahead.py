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
    + '"values" DOUBLE[], ahead BOOLEAN[], future_columns VARCHAR[], '
    + "ids VARCHAR[], starts VARCHAR[], over BOOLEAN[], id_types VARCHAR[])"
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
    given = [] if given is None else [given] if isinstance(given, str) else given
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise OptionError("covariates is a list of names of columns, like ['promotion']")
    there = wanted["columns"] or []
    found = {one.lower() for one in roles.resolve_list("covariates", given, there)}
    taken = {str(one).lower() for one in wanted["roles"].values() if one is not None}
    if found & taken:
        raise OptionError(f"covariates has '{min(found & taken)}', which is a column of the series")
    training = not _is_forecast(wanted)
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
    found = Known(*known_steps(series, steps[kept], place[kept], numbers, shape))
    if _is_forecast(wanted):
        _check_ahead(found.ahead, beside, wanted, covariates)
    return found


def _is_forecast(wanted: Mapping[str, Any]) -> bool:
    return not wanted["options"]["function"].startswith(("train_", "backtest_"))


def _check_ahead(
    ahead: np.ndarray, beside: pa.StructArray, wanted: Mapping[str, Any], covariates: list[str]
) -> None:
    """Raise where the future has no number for a step of a series.

    Where totals are not asked for, series that have ended before others are let off.
    """
    let_off = np.array(beside.field("over")[0].as_py(), bool) & (not wanted["total"])
    missing = np.argwhere(~np.isfinite(ahead) & ~let_off[:, None, None])
    if not len(missing):
        return
    series, step, column = missing[0].tolist()
    ids, starts = (beside.field(name)[0].as_py() for name in ("ids", "starts"))
    name = "" if ids[series] is None else f" of series '{ids[series]}'"
    raise DataError(
        f"future := '{wanted['options']['future']}' lacks {len(missing)} of the {ahead.size} "
        f"numbers that are needed, one for each covariate, series and step ahead, such as "
        f"'{covariates[column]}' in step {step + 1} of {ahead.shape[1]}{name}; its step 1 is at "
        f"{starts[series]}{_other_type(beside, wanted)}"
    )


def _other_type(beside: pa.StructArray, wanted: Mapping[str, Any]) -> str:
    """Say that series have other types in the future, if so."""
    here, there = beside.field("id_types")[0].as_py()
    if there is None or here == there:
        return ""
    column = wanted["roles"]["series_col"]
    return f"; series_col '{column}' is {there} in the future, and {here} in the data"


def _order(columns: list[str] | None, covariates: list[str]) -> np.ndarray:
    """Return the place among the covariates of each that a relation has, in its own order."""
    there = [one.lower() for one in columns or [] if one.lower() in covariates]
    return np.array([covariates.index(one) for one in there], dtype=np.int64)
