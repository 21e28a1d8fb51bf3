"""Checks of options, each with an error that says what is allowed."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ecomsql.errors import OptionError, did_you_mean, listed

OURS = ("seed", "watch", "effort")
"""Parameters of a method's fit that users do not set by these names."""


def whole(name: str, value: Any, *, at_least: int) -> int:
    """Return `value` as an int, or raise OptionError when it is not a whole number >= `at_least`.

    Examples
    --------
    >>> whole("k", 10, at_least=1)
    10
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise OptionError(f"{name} := {_shown(value)} is not a whole number of at least {at_least}")
    if value < at_least:
        raise OptionError(f"{name} := {_shown(value)} is too small; take {at_least} or more")
    return int(value)


def number(name: str, value: Any, *, low: float, high: float = math.inf) -> float:
    """Return `value` as a float, or raise OptionError when it is not within [low, high]."""
    allowed = (
        f"a number from {low:g} to {high:g}" if math.isfinite(high) else f"a number >= {low:g}"
    )
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise OptionError(f"{name} := {_shown(value)} is not {allowed}")
    if not low <= value <= high:
        raise OptionError(f"{name} := {_shown(value)} is out of range; take {allowed}")
    return float(value)


def flag(name: str, value: Any) -> bool:
    """Return `value` as a bool, or raise OptionError when it is not one."""
    if not isinstance(value, bool):
        raise OptionError(f"{name} := {_shown(value)} is neither true nor false")
    return value


def choice(name: str, value: Any, allowed: Iterable[str], *, later: Iterable[str] = ()) -> str:
    """Return `value` if it is one of `allowed`.

    Raises
    ------
    OptionError
        With the allowed values; for one of `later`, saying that it does not exist yet.
    """
    names = list(allowed)
    if isinstance(value, str) and value.lower() in names:
        return value.lower()
    if isinstance(value, str) and value.lower() in set(later):
        raise OptionError(
            f"{name} := '{value}' is not available yet; the methods that are: {listed(names)}"
        )
    guess = did_you_mean(str(value), names)
    raise OptionError(f"{name} := {_shown(value)} is not one of: {listed(names)}{guess}")


def keywords(function: Callable[..., Any]) -> list[str]:
    """Return the names of the keyword-only parameters of `function`."""
    parameters = inspect.signature(function).parameters.values()
    return [one.name for one in parameters if one.kind is inspect.Parameter.KEYWORD_ONLY]


def accepted(owner: str, function: Callable[..., Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options in `given` that are set, if `function` takes each of them.

    Raises
    ------
    OptionError
        For an option that `owner` (a method's name) does not have.
    """
    takes = keywords(function)
    chosen = {name: value for name, value in given.items() if value is not None}
    for name in chosen:
        if name not in takes or name in OURS[1:]:
            options = listed(one for one in takes if one not in OURS)
            raise OptionError(f"method '{owner}' has no option '{name}'; it takes: {options}")
    return chosen


def _shown(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "NULL", True: "true", False: "false"}[value]
    return f"'{value}'" if isinstance(value, str) else str(value)
