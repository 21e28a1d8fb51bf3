"""What the UDFs that predict behaviour share: lists from SQL become a checked request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from ecomsql import options, roles
from ecomsql.errors import DataError, OptionError, did_you_mean, listed
from ecomsql.features.calendar import DAY

if TYPE_CHECKING:
    from ecomsql.features.event_log import EventLog

HORIZONS = {"purchase": ("horizon", 7 * DAY), "churn": ("inactivity", 90 * DAY)}
"""What the horizon of each task is called, and its default in seconds."""
NAMES = {"purchase": 2, "cart": 1, "view": 0}
"""Kinds of events that have names, and their codes."""


@dataclass(frozen=True, eq=False)
class Request:
    """A call of a function that predicts behaviour, checked.

    Attributes
    ----------
    log : EventLog
        The events, coded.
    columns : mapping
        Role to the column of the data, or None.
    task : {'purchase', 'churn'}
    horizon : float
        In seconds.
    as_of : float or None
        In seconds; None: the last event, and all are looked at.
    per : {'user', 'user_item'}
    threshold : float
    seed : int
    """

    log: EventLog
    columns: Mapping[str, str | None]
    task: str
    horizon: float
    as_of: float | None
    per: str
    method: str
    threshold: float
    seed: int

    @property
    def cut(self) -> float:
        """The time before which events are looked at, in seconds."""
        import numpy as np

        return float(np.nextafter(self.log.last, np.inf)) if self.as_of is None else self.as_of


def request_of(lists: Mapping[str, pl.Series], wanted: Mapping[str, Any]) -> Request:
    """Return the request; raise EcomsqlError for what cannot be answered."""
    from ecomsql.features.event_log import EventLog
    from ecomsql.models.behaviour_fitting import check_method

    columns, given = _columns(wanted), wanted["options"]
    log = EventLog.of(_kinds(pl.DataFrame(lists), columns, wanted))
    request = Request(
        log=log,
        columns=columns,
        task=given["task"],
        horizon=_horizon(given),
        as_of=_as_of(given, log),
        per=options.choice("per", given["per"], ("user", "user_item")),
        method=check_method(given["method"]),
        threshold=options.number("threshold", given["threshold"], low=0, high=1),
        seed=options.whole("seed", given["seed"], at_least=0),
    )
    if request.per == "user_item" and columns["item_col"] is None:
        raise OptionError("per := 'user_item' needs item_col")
    return request


def _columns(wanted: Mapping[str, Any]) -> dict[str, str | None]:
    given = wanted["roles"]
    required = {role: given[role] for role in ("user_col", "item_col", "time_col")}
    if required["item_col"] is None:
        del required["item_col"]
    optional = {
        "event_col": (given["event_col"], "event_type"),
        "price_col": (given["price_col"], "price"),
        "quantity_col": (given["quantity_col"], "quantity"),
    }
    found = roles.resolve(wanted["columns"] or [], required=required, optional=optional)
    if wanted["bad_times"]:
        raise DataError(
            f"time_col '{found['time_col']}' holds {wanted['bad_times']} values that are neither "
            f"times nor numbers of seconds"
        )
    return {"item_col": None, **found}


def _kinds(
    frame: pl.DataFrame, columns: Mapping[str, str | None], wanted: Mapping[str, Any]
) -> pl.DataFrame:
    """Return the events with their kinds: purchases all, where no column says."""
    if columns["event_col"] is None:
        return frame.with_columns(kind=pl.lit(NAMES["purchase"]))
    there, names = set(frame["kind"]), wanted["names"]
    missing = [name for name, code in NAMES.items() if code not in there]
    unknown = [name for name in missing if str(names[name]).lower() != name]
    # Kinds that are not known may be purchases by another name.
    if not unknown and "purchase" in missing and wanted["options"]["task"] == "purchase":
        unknown = ["purchase"] if 3 in there else []
    if unknown and len(frame):
        name, kinds = unknown[0], sorted(filter(None, wanted["event_types"] or []))
        guess = did_you_mean(str(names[name]), kinds)
        raise OptionError(
            f"{name} := '{names[name]}' is no value of event_col '{columns['event_col']}'; "
            f"its values are: {listed(kinds[:20])}{guess}"
        )
    return frame


def _horizon(given: Mapping[str, Any]) -> float:
    name, default = HORIZONS[given["task"]]
    days = default / DAY
    if given["seconds"] is None:
        shown = "NULL" if given["horizon"] is None else f"'{given['horizon']}'"
        raise OptionError(
            f"{name} := {shown} is no interval; write {name} := INTERVAL {days:g} DAY"
        )
    if not given["seconds"] > 0:
        raise OptionError(f"{name} := '{given['horizon']}' is not positive")
    return float(given["seconds"])


def _as_of(given: Mapping[str, Any], log: EventLog) -> float | None:
    if given["as_of"] is None:
        return None
    if given["at"] is None:
        raise OptionError(f"as_of := '{given['as_of']}' is no time")
    if len(log.frame) and given["at"] <= log.first:
        raise DataError(f"as_of := '{given['as_of']}' has no event before it")
    return float(given["at"])
