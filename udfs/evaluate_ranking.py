"""Checks a call of evaluate_ranking."""

from __future__ import annotations

from typing import Any

from ecomsql import options, roles
from ecomsql.errors import ColumnError

LONGEST = 2**62
"""No list is longer, and SQL can count to it."""


def check(call: dict[str, Any]) -> dict[str, Any]:
    """Return k; raise ColumnError or OptionError for a wrong call."""
    given = call["roles"]
    roles.resolve(call["columns"], required=given, optional={})
    pair = {role: given[role] for role in ("user_col", "item_col")}
    try:
        roles.resolve(call["truth_columns"], required=pair, optional={})
    except ColumnError as error:
        raise ColumnError(f"truth := '{call['truth']}' has {error}") from error
    return {"k": min(options.whole("k", call["k"], at_least=1), LONGEST)}
