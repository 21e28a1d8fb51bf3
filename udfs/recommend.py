"""Recommends items: a model, how lists are made, and the users' histories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ecomsql import roles
from ecomsql.errors import OptionError

from ._recommending import NOTHING, Request, list_options

if TYPE_CHECKING:
    from ecomsql.features.interactions import Floats, Interactions, Ints
    from ecomsql.models.shortlist import Shortlist
    from ecomsql.models.trained import Trained


@dataclass(frozen=True, slots=True, eq=False)
class Recommending:
    """An open session."""

    shortlist: Shortlist
    history: Interactions

    @property
    def nbytes(self) -> int:
        """Memory of the histories; the model is counted where it is cached."""
        return self.history.nbytes

    def lists(self, codes: Ints) -> tuple[Ints, Floats]:
        """Return the recommended items of users, by their codes; -1 is an unknown user."""
        return self.shortlist.lists(self.history.take(codes))


def open_session(request: Request) -> Recommending:
    """Fit or take a model, ready to answer for every user of the data."""
    how = list_options(request)
    _check_relations(request)
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


def _check_relations(request: Request) -> None:
    if request.options["users"] != NOTHING:
        user_col = request.columns["user_col"]
        there = request.options["user_columns"] or []
        roles.resolve(there, required={"user_col": str(user_col)}, optional={})
    if request.options["items"] != NOTHING:
        raise OptionError(
            "items is for the methods 'content' and 'hybrid', which are not available yet; "
            "to recommend only some items, filter the data or the result"
        )
