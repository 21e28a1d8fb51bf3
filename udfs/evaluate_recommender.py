"""Measures recommenders on interactions that were held out before anything was fitted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pyarrow as pa

from ecomsql import options
from ecomsql.errors import DataError, OptionError
from ecomsql.udf import udf

from ._calls import NOTHING, held, named
from ._recommending import Request, fit_once, list_options

if TYPE_CHECKING:
    from ecomsql.features.interactions import Interactions
    from ecomsql.models.trained import Trained

RETURNS = "STRUCT(method VARCHAR, metric VARCHAR, value DOUBLE)[]"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures: (method, metric, value)."""

    figures: list[tuple[str, str, float]]

    @property
    def nbytes(self) -> int:
        """Memory in bytes, about."""
        return 200 * len(self.figures)


def open_session(request: Request) -> Evaluation:
    """Split, fit each method on what is left, and measure its lists."""
    wanted = request.options
    how = list_options(request.options)
    methods = wanted["method"] if isinstance(wanted["method"], list) else [wanted["method"]]
    if not methods:
        raise OptionError("method := [] names no method")
    own = _own_options(methods, wanted["method_options"])
    train, truth = _split(request)
    if how["exclude_seen"]:
        # What a user has in training cannot be in the lists, so it is not looked for either.
        truth = truth.keep(~truth.is_in(train))
    if len(truth.items) == 0:
        raise DataError(_nothing_to_find(request))
    figures = []
    for method in dict.fromkeys(methods):
        asked = replace(request, options={**wanted, "method_options": own[method]})
        _, trained = fit_once(asked, train, method)
        measured = _measure(trained, train, truth, how)
        figures += [(str(method), metric, value) for metric, value in measured.items()]
    return Evaluation(figures)


def _own_options(methods: list[Any], given: dict[str, Any]) -> dict[Any, dict[str, Any]]:
    """Return the options of each method: of several, each gets those that it takes.

    An option that none of them takes stays with all, so that fitting refuses it.
    """
    from ecomsql.models import recommenders

    if len(methods) == 1:
        return {methods[0]: given}
    known = [one for one in methods if one in recommenders.methods()]
    takes = {one: set(options.keywords(recommenders.method(one).fit)) for one in known}
    shared = set(given) - set().union(*takes.values())
    return {
        one: {
            name: value if one not in takes or name in takes[one] | shared else None
            for name, value in given.items()
        }
        for one in methods
    }


@udf("_evaluated", ("VARCHAR",), RETURNS)
def evaluated(handles: pa.Array) -> pa.Array:
    """Return the figures of each handle."""
    answers = []
    for handle in handles.to_pylist():
        with named("evaluate_recommender"):
            evaluation: Evaluation = held(handle)
        names = ("method", "metric", "value")
        answers.append([dict(zip(names, one, strict=True)) for one in evaluation.figures])
    fields = [("method", pa.string()), ("metric", pa.string()), ("value", pa.float64())]
    return pa.array(answers, pa.list_(pa.struct(fields)))


def _split(request: Request) -> tuple[Interactions, Interactions]:
    """Return what to fit on and what to find, over the same codes."""
    from ecomsql.features.splits import SPLITS, held_out, is_late

    if request.test != NOTHING:
        given = pl.col("is_test")
        train = request.interactions(request.frame.filter(~given).drop("is_test"))
        return train, request.interactions(request.frame.filter(given).drop("is_test"))
    split = options.choice("split", request.options["split"], SPLITS)
    if split == "temporal":
        late = is_late(request.frame)
        train = request.interactions(request.frame.filter(~late))
        return train, request.interactions(request.frame.filter(late))
    mask = held_out(request.data, split, seed=request.seed)
    return request.data.keep(~mask), request.data.keep(mask)


def _nothing_to_find(request: Request) -> str:
    if request.test != NOTHING:
        return (
            f"test := '{request.test}' holds nothing to find: it is empty, or all its pairs are in "
            f"the data too, and exclude_seen leaves those out"
        )
    return "no interaction could be held out: no user has two items to split"


def _measure(
    trained: Trained, train: Interactions, truth: Interactions, how: dict[str, Any]
) -> dict[str, float]:
    from ecomsql.models.ranking_metrics import ranking_metrics

    asked = np.flatnonzero(truth.lengths)
    items, _ = trained.shortlist(**how).lists(train.take(asked))
    found = truth.take(asked)
    return ranking_metrics(items, found, k=how["k"], train=train, vectors=trained.vectors)
