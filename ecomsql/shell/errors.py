"""What is told of a dot command that was used wrongly."""

from __future__ import annotations

from ecomsql.errors import EcomsqlError


class CommandError(EcomsqlError):
    """A dot command that is not there, or that was used wrongly."""
