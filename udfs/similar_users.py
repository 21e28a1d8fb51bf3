"""Finds the users nearest to each user."""

from __future__ import annotations

from ._neighbouring import Neighbouring, open_neighbours
from ._recommending import Request


def open_session(request: Request) -> Neighbouring:
    """Find the neighbours of every user of the data."""
    return open_neighbours(
        request, "users", request.n_users, lambda model, k: model.similar_users(request.data, k)
    )
