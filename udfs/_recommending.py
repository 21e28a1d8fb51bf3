"""What the recommending UDFs share: lists from SQL become checked interactions and models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pyarrow as pa

from ecomsql import options, roles
from ecomsql.cache import CACHE, content_key
from ecomsql.errors import DataError, OptionError, listed

from ._calls import NOTHING, held

if TYPE_CHECKING:
    from ecomsql.features.interactions import Interactions
    from ecomsql.models.trained import Trained

LARGEST_WEIGHT = 1e15
"""Sums of squares of weights up to this are finite in single precision."""


@dataclass(frozen=True)
class Request:
    """A call of a recommending function.

    Attributes
    ----------
    frame : DataFrame
        Coded pairs: user, item, weight, perhaps time, and is_test when a test relation was given.
    columns : mapping
        Role to the column of the data, or None.
    options : mapping
        The function's arguments, and under ``method_options`` those of the method.
    test : str
        Name of the test relation, or NOTHING.
    model : str or None
        Handle of the stored model to use.
    """

    frame: pl.DataFrame
    n_users: int
    n_items: int
    columns: Mapping[str, str | None]
    options: Mapping[str, Any]
    test: str
    model: str | None

    @cached_property
    def data(self) -> Interactions:
        """All pairs as interactions."""
        return self.interactions(self.frame)

    @property
    def seed(self) -> int:
        """The seed, checked."""
        return options.whole("seed", self.options["seed"], at_least=0)

    @property
    def feedback(self) -> str:
        """'explicit' when the weights are a column called rating, else 'implicit'."""
        return "explicit" if (self.columns["weight_col"] or "").lower() == "rating" else "implicit"

    def interactions(self, frame: pl.DataFrame) -> Interactions:
        """Return some of the pairs as interactions, with the codes of all."""
        from ecomsql.features.interactions import interactions

        return interactions(frame, n_users=self.n_users, n_items=self.n_items)

    def trained(self) -> tuple[str, Trained]:
        """Return the key and the model: the one given, or fitted now, or from the cache."""
        if self.model is not None:
            refuse_training_options(self.options)
            return self.model, held(self.model).trained
        return fit_once(self, self.data, self.options["method"])

    def check_method(self) -> None:
        """Raise OptionError for a method, or an option of it, that does not exist."""
        from ecomsql.models import fitting, recommenders

        allowed, method = fitting.methods(), self.options["method"]
        name = options.choice("method", method, allowed, later=fitting.LATER)
        if name != "auto":
            options.accepted(name, recommenders.method(name).fit, self.options["method_options"])


def refuse_training_options(given: Mapping[str, Any]) -> None:
    """Raise OptionError for an option of training, of a call with a trained model."""
    named = [name for name, value in given["method_options"].items() if value is not None]
    if named:
        raise OptionError(
            f"a model that is trained already takes no {listed(named)}; "
            f"give it to train_recommender"
        )


def list_options(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return how lists are to be made: k, exclude_seen and diversity, checked."""
    return {
        "k": options.whole("k", given["k"], at_least=1),
        "exclude_seen": options.flag("exclude_seen", given["exclude_seen"]),
        "diversity": options.number("diversity", given["diversity"], low=0, high=1),
    }


def fit_once(request: Request, data: Interactions, method: Any) -> tuple[str, Trained]:
    """Fit `method` on `data`, unless the same was fitted before and is still in the cache."""
    from ecomsql.models.trained import Trained

    own = request.options["method_options"]
    repeats = method == "auto" and request.options.get("exclude_seen") is False
    content = (data.offsets, data.items, data.weights, data.steps)
    key = "fit:" + content_key(
        content, [method, request.seed, own, request.feedback, data.n_items, repeats]
    )
    fit = partial(
        Trained.fit,
        method,
        data,
        seed=request.seed,
        options=own,
        feedback=request.feedback,
        repeats=repeats,
    )
    return key, CACHE.get_or_make(key, fit)


def columns_of(wanted: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the columns of the roles, or raise ColumnError."""
    given = wanted["roles"]
    required = {role: given[role] for role in ("user_col", "item_col")}
    optional = {
        "time_col": (given["time_col"], "ts"),
        "weight_col": (given["weight_col"], None),
    }
    columns = roles.resolve(wanted["columns"] or [], required=required, optional=optional)
    if wanted["test"] != NOTHING:
        roles.resolve(wanted["test_columns"] or [], required=required, optional={})
    return columns


def coded_frame(
    users: pa.Array,
    items: pa.Array,
    times: pa.Array,
    weights: pa.Array,
    is_test: pa.Array,
    *,
    columns: Mapping[str, str | None],
) -> pl.DataFrame:
    """Return coded pairs as a frame: user, item, weight, perhaps time and is_test.

    Raises
    ------
    DataError
        If weights are no numbers, not finite, or too large to add up.
    """
    weight = checked_weights(_only(weights), columns)
    frame = {"user": _only(users), "item": _only(items), "weight": weight}
    if columns["time_col"] is not None:
        # Rows without a time are older than all that have one.
        frame["time"] = np.nan_to_num(_only(times), nan=-np.inf, posinf=np.inf, neginf=-np.inf)
    if is_test[0].is_valid:
        frame["is_test"] = _only(is_test)
    return pl.DataFrame(frame)


def checked_weights(weights: np.ndarray, columns: Mapping[str, str | None]) -> np.ndarray:
    """Return weights as float64; raise DataError if some are no numbers that can be added up."""
    weight = weights.astype(np.float64, copy=False)
    bad = int(np.count_nonzero(~(np.abs(weight) <= LARGEST_WEIGHT)))
    if bad:
        raise DataError(
            f"weight_col '{columns['weight_col']}' holds values that are not finite numbers, or "
            f"above {LARGEST_WEIGHT:g} ({bad} of {len(weight)} pairs)"
        )
    return weight


def _only(column: pa.Array) -> np.ndarray:
    """Return the list of the single row as an array; empty for NULL; NULLs within are NaN."""
    values = column.flatten()
    zero_copy = values.null_count == 0 and not pa.types.is_boolean(values.type)
    return np.asarray(values.to_numpy(zero_copy_only=zero_copy))
