"""Which columns of a history are a forecast's series, times and values: as its query says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ecomsql.errors import DataError, listed

_DEFAULTS = {"forecast_price": "price", "forecast_demand": "quantity"}
"""Column of values of a function, unless told."""

_OWN = {"series": "series_id", "time": "ts", "value": "value"}
"""Names that a SELECT can give to columns of any name."""

_LIKELY = {"series": ("item_id", "user_id"), "time": (), "value": tuple(_DEFAULTS.values())}
"""Names to look for where the query says nothing."""

_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True)
class Roles:
    """What the query of a forecast says of its columns.

    Parameters
    ----------
    named : dict of str to str
        Columns by role: series, time and value, as far as they are known.
    total : bool or None
        Whether values at one step were added up; None: the query does not say.
    frequency : str or None
        Rhythm asked for.
    """

    named: dict[str, str]
    total: bool | None
    frequency: str | None

    def places(self, columns: Sequence[str]) -> tuple[tuple[int, ...], int, int]:
        """Return where in a history the series (or none), the times and the values are.

        Raises
        ------
        DataError
            There is no such column, or more than one that may be meant.
        """
        there = {name.lower(): i for i, name in reversed(list(enumerate(columns)))}
        series = self._place("series", there)
        time, value = self._place("time", there), self._place("value", there)
        if time is None or value is None:
            raise DataError(
                "the history needs columns series_id, ts and value, or those that the forecast was"
                f" made of: name them in a SELECT; it has: {listed(columns)}"
            )
        return () if series is None else (series,), time, value

    def _place(self, role: str, there: dict[str, int]) -> int | None:
        for name in (self.named.get(role, "").lower(), _OWN[role]):
            if name in there:
                return there[name]
        likely = [name for name in _LIKELY[role] if name in there]
        if len(likely) > 1:
            raise DataError(
                f"the history has {' and '.join(likely)}: say which one is meant with a SELECT,"
                f" such as SELECT {likely[0]} AS {_OWN[role]}"
            )
        return there[likely[0]] if likely else None


def roles_in(sql: str) -> Roles:
    """Read from SQL what its calls of forecast functions say; where they differ, nothing.

    Examples
    --------
    >>> roles_in("FROM forecast_demand(orders, series_col := 'user_id')").named
    {'series': 'user_id', 'time': 'ts', 'value': 'quantity'}
    """
    text = _COMMENT.sub(" ", sql)
    called = [name for name in _DEFAULTS if re.search(rf"\b{name}\s*\(", text, re.IGNORECASE)]
    named = {"series": "item_id", "time": "ts", "value": _DEFAULTS[called[0]]} if called else {}
    if len(called) > 1:
        del named["value"]
    for role in _OWN:
        said = _said(text, f"{role}_col")
        if len(said) == 1:
            named[role] = said.pop()
        elif said:
            named.pop(role, None)
    frequencies = _said(text, "frequency")
    return Roles(
        named,
        total=called == ["forecast_demand"] if len(called) == 1 else None,
        frequency=frequencies.pop().lower() if len(frequencies) == 1 else None,
    )


def _said(text: str, option: str) -> set[str]:
    """Return the texts that an option is set to."""
    found = re.findall(rf"\b{option}\s*(?::=|=>)\s*'((?:[^']|'')*)'", text, re.IGNORECASE)
    return {value.replace("''", "'") for value in found}
