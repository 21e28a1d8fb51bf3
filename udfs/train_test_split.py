"""Checks a call of train_test_split."""

from __future__ import annotations

from typing import Any

from ecomsql import options, roles
from ecomsql.errors import ColumnError, OptionError

STRATEGIES = {"random": None, "time": "time_col", "group": "group_col"}
"""Each strategy, with the role that it alone takes."""
CANONICAL = {"time_col": "ts", "group_col": "user_id"}


def check(call: dict[str, Any]) -> dict[str, Any]:
    """Return test and seed; raise ColumnError or OptionError for a wrong call."""
    strategy = options.choice("strategy", call["strategy"], STRATEGIES)
    test = options.number("test", call["test"], low=0, high=1)
    if test in (0, 1):
        raise OptionError(f"test := {test:g} leaves one side empty; take a share between 0 and 1")
    seed = options.whole("seed", call["seed"], at_least=0)
    _check_roles(strategy, call["roles"])
    _check_columns(strategy, call["roles"], call["columns"])
    return {"test": test, "seed": seed}


def _check_roles(strategy: str, given: dict[str, Any]) -> None:
    for owner, role in STRATEGIES.items():
        if role is not None and owner != strategy and given[role] is not None:
            raise OptionError(f"{role} goes with strategy := '{owner}', not with '{strategy}'")
    if strategy == "group" and given["stratify_col"] is not None:
        raise OptionError("stratify_col goes with strategy := 'random' or 'time', not with 'group'")


def _check_columns(strategy: str, given: dict[str, Any], columns: list[str]) -> None:
    if any(name.lower() == "split" for name in columns):
        raise ColumnError(
            "the data has a column 'split' already, the name of the new one; leave it out: "
            "WITH plain AS (SELECT * EXCLUDE (split) FROM ...) FROM train_test_split(plain)"
        )
    role = STRATEGIES[strategy]
    wanted = {} if role is None else {role: given[role] or CANONICAL[role]}
    optional = {"stratify_col": (given["stratify_col"], None)}
    roles.resolve(columns, required=wanted, optional=optional)
