"""Errors that say what was wrong and what would be right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class EcomsqlError(Exception):
    """Base of every error that ecomsql raises on purpose."""


class ColumnError(EcomsqlError):
    """A column that a function needs is missing, or a role names one that is not there."""


class OptionError(EcomsqlError):
    """An option has a value, or a name, that the function does not take."""


class DataError(EcomsqlError):
    """The data cannot be used as it is: infinite weights, nothing to train on."""


class ModelError(EcomsqlError):
    """A stored model is corrupt, of another task, or not made by ecomsql."""


class RegistrationError(EcomsqlError):
    """The functions could not be put on a connection."""


class QuackError(EcomsqlError):
    """A Quack server could not start."""


class Stopped(EcomsqlError):
    """The user asked for the running work to end."""


def did_you_mean(word: str, there: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the nearest of `there`, or nothing.

    Examples
    --------
    >>> did_you_mean("itemknn", ["item_knn", "als"])
    "; did you mean 'item_knn'?"
    >>> did_you_mean("zzz", ["item_knn", "als"])
    ''
    """
    by_folded = {_folded(name): name for name in there}
    near = difflib.get_close_matches(_folded(word), by_folded, n=1, cutoff=0.6)
    return f"; did you mean '{by_folded[near[0]]}'?" if near else ""


def listed(names: Iterable[str]) -> str:
    """Join names for a message: ``'a, b, c'``, or ``'none'`` when there is none."""
    return ", ".join(names) or "none"


def _folded(name: str) -> str:
    return name.lower().replace("_", "").replace(" ", "")
