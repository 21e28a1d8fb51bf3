"""Checks a call of evaluate_regression."""

from __future__ import annotations

from typing import Any

from ecomsql import roles


def check(call: dict[str, Any]) -> dict[str, Any]:
    """Return nothing to go on with; raise ColumnError for a column that is not there."""
    roles.resolve(call["columns"], required=call["roles"], optional={})
    return {}
