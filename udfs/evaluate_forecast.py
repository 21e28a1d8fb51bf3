"""Checks a call of evaluate_forecast."""

from __future__ import annotations

from typing import Any

from ecomsql import options, roles
from ecomsql.errors import ColumnError

FORECASTS = ("series_id", "ts", "forecast")
"""Columns of the forecasts."""
LONGEST = 1_000_000


def check(call: dict[str, Any]) -> dict[str, Any]:
    """Return the season; raise ColumnError or OptionError for a wrong call."""
    roles.resolve_list("the forecasts", FORECASTS, call["columns"] or [])
    given = {role: name for role, name in call["roles"].items() if name or role != "series_col"}
    try:
        roles.resolve(call["actual_columns"] or [], required=given, optional={})
    except ColumnError as error:
        raise ColumnError(f"actual := '{call['actual']}' has {error}") from error
    options.flag("total", call["total"])
    return {"season": min(options.whole("season", call["season"], at_least=1), LONGEST)}
