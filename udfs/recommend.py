"""Recommends items: a model, how lists are made, and the users' histories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ecomsql import roles
from ecomsql.errors import OptionError

from ._calls import NOTHING
from ._recommending import Request, list_options

if TYPE_CHECKING:
    from ecomsql.features.interactions import Floats, Interactions, Ints
    from ecomsql.models.shortlist import Shortlist
    from ecomsql.models.trained import Trained


MOST_KEPT = 256 << 20
"""Bytes of lists that a session keeps for the next call; longer ones are made again."""


class Recommending:
    """An open session: makes each user's list once, and keeps it where memory allows."""

    def __init__(self, shortlist: Shortlist, history: Interactions) -> None:
        self.shortlist = shortlist
        self.history = history
        width = min(shortlist.k, history.n_items)
        kept = history.n_users if 8 * width * history.n_users <= MOST_KEPT else 0
        self._items = np.zeros((kept, width), dtype=np.int32)
        self._scores = np.zeros((kept, width), dtype=np.float32)
        self._made = np.zeros(kept, dtype=np.bool_)

    @property
    def nbytes(self) -> int:
        """Memory of the histories and lists; the model is counted where it is cached."""
        return self.history.nbytes + self._items.nbytes + self._scores.nbytes

    def lists(self, codes: Ints) -> tuple[Ints, Floats]:
        """Return the recommended items of users, by their codes; -1 is an unknown user."""
        if len(self._made) == 0 or (codes < 0).any():
            return self.shortlist.lists(self.history.take(codes))
        new = codes[~self._made[codes]]
        if len(new):
            self._items[new], self._scores[new] = self.shortlist.lists(self.history.take(new))
            self._made[new] = True
        return self._items[codes], self._scores[codes]


def open_session(request: Request) -> Recommending:
    """Fit or take a model, ready to answer for every user of the data."""
    how = list_options(request.options)
    check_relations(request.options, request.options["user_columns"], request.columns)
    trained = _trained(request)
    return Recommending(trained.shortlist(**how), request.data)


def _trained(request: Request) -> Trained:
    from ecomsql.models.trained import Trained

    if request.model is None and len(request.data.items) == 0:
        # An empty catalogue: the options are checked, and there is nothing to give.
        request.check_method()
        return Trained.fit(
            "popular", request.data, seed=request.seed, options={}, feedback="implicit"
        )
    return request.trained()[1]


def check_relations(
    options: Mapping[str, Any], user_columns: list[str] | None, columns: Mapping[str, str | None]
) -> None:
    """Raise ColumnError if `users` lacks the column of users, and OptionError for `items`."""
    if options["users"] != NOTHING:
        user_col = str(columns["user_col"])
        roles.resolve(user_columns or [], required={"user_col": user_col}, optional={})
    if options["items"] != NOTHING:
        raise OptionError(
            "items is for the methods 'content' and 'hybrid', which are not available yet; "
            "to recommend only some items, filter the data or the result"
        )
