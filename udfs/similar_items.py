"""Finds the items nearest to each item."""

from __future__ import annotations

from ._neighbouring import Neighbouring, open_neighbours
from ._recommending import Request


def open_session(request: Request) -> Neighbouring:
    """Find the neighbours of every item of the catalogue."""
    return open_neighbours(
        request, "items", request.n_items, lambda model, k: model.similar_items(k)
    )
