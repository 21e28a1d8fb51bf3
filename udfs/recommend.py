"""Opens a session that recommends: fits a model, or takes one, and keeps the users' histories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ecomsql import options, roles
from ecomsql.cache import CACHE, content_key
from ecomsql.errors import OptionError
from ecomsql.features.interactions import Floats, Interactions, Ints
from ecomsql.udf import udf

from ._interactions import coded_interactions, columns_of, feedback_of, named, read_options
from ._load_recommender import NO_MODEL, loaded_model

if TYPE_CHECKING:
    from ecomsql.models.shortlist import Shortlist
    from ecomsql.models.trained import Trained

TAKES = (
    "INTEGER[]",
    "INTEGER[]",
    "DOUBLE[]",
    "DOUBLE[]",
    "INTEGER",
    "INTEGER",
    "VARCHAR",
    "VARCHAR",
)


@dataclass(frozen=True, slots=True, eq=False)
class Recommending:
    """An open session: how lists are made, and the history of each user."""

    shortlist: Shortlist
    history: Interactions

    @property
    def nbytes(self) -> int:
        """Memory of the histories; the model is counted where it is cached."""
        return self.history.nbytes

    def lists(self, codes: Ints) -> tuple[Ints, Floats]:
        """Return the recommended items of users, by their codes; -1 is an unknown user."""
        return self.shortlist.lists(self.history.take(codes))


@udf("_open_recommender", TAKES, "VARCHAR")
def open_recommender(
    users: pa.Array,
    items: pa.Array,
    times: pa.Array,
    weights: pa.Array,
    n_users: pa.Array,
    n_items: pa.Array,
    loaded: pa.Array,
    document: pa.Array,
) -> pa.Array:
    """Return the handle of a session over the pairs of the single row."""
    wanted = read_options(document)
    with named(wanted["function"]):
        columns = columns_of(wanted)
        lists = _list_options(wanted)
        _check_relations(wanted)
        data = coded_interactions(
            users,
            items,
            times,
            weights,
            n_users=n_users[0].as_py(),
            n_items=n_items[0].as_py(),
            columns=columns,
        )
        key, trained = _trained(data, loaded[0].as_py(), wanted, feedback_of(columns))
        return pa.array([_open(key, trained, data, lists)])


def fit_once(data: Interactions, wanted: Mapping[str, Any], feedback: str) -> tuple[str, Trained]:
    """Return the key and the model of the data and the options, fitted or from the cache."""
    from ecomsql.models.trained import Trained

    seed = options.whole("seed", wanted["seed"], at_least=0)
    content = (data.offsets, data.items, data.weights, data.steps)
    choices = [wanted["method"], seed, wanted["options"], feedback, data.n_items]
    key = "fit:" + content_key(content, choices)
    trained: Trained | None = CACHE.get(key)
    if trained is None:
        trained = Trained.fit(
            wanted["method"], data, seed=seed, options=wanted["options"], feedback=feedback
        )
        CACHE.put(key, trained)
    return key, trained


def _trained(
    data: Interactions, handle: str | None, wanted: Mapping[str, Any], feedback: str
) -> tuple[str, Trained]:
    if handle is not None:
        return handle, loaded_model(handle).trained
    if len(data.items) == 0:
        # Nothing to learn from: the popular items of an empty catalogue.
        empty = {**wanted, "method": "popular", "options": {}}
        options.whole("seed", wanted["seed"], at_least=0)
        return fit_once(data, empty, "implicit")
    return fit_once(data, wanted, feedback)


def _open(key: str, trained: Trained, data: Interactions, lists: Mapping[str, Any]) -> str:
    from ecomsql.models.shortlist import Shortlist

    vectors = trained.vectors if lists["diversity"] > 0 else None
    shortlist = Shortlist(trained.model, trained.popularity, vectors, **lists)
    content = (data.offsets, data.items, data.weights, data.steps)
    handle = "session:" + content_key(content, [key, dict(lists)])
    CACHE.put(handle, Recommending(shortlist, data))
    return handle


def _list_options(wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "k": options.whole("k", wanted["k"], at_least=1),
        "exclude_seen": options.flag("exclude_seen", wanted["exclude_seen"]),
        "diversity": options.number("diversity", wanted["diversity"], low=0, high=1),
    }


def _check_relations(wanted: Mapping[str, Any]) -> None:
    if wanted["users"] != NO_MODEL:
        named_user = wanted["roles"]["user_col"]
        roles.resolve(wanted["user_columns"] or [], required={"user_col": named_user}, optional={})
    if wanted["items"] != NO_MODEL:
        raise OptionError(
            "items is for the methods 'content' and 'hybrid', which are not available yet; "
            "to recommend only some items, filter the data or the result"
        )
