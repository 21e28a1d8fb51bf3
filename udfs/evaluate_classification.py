"""Checks a call of evaluate_classification."""

from __future__ import annotations

from typing import Any

from ecomsql import options, roles


def check(call: dict[str, Any]) -> dict[str, Any]:
    """Return the threshold; raise ColumnError or OptionError for a wrong call."""
    roles.resolve(call["columns"], required=call["roles"], optional={})
    return {"threshold": options.number("threshold", call["threshold"], low=0, high=1)}
