"""What a picture holds, before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Panel:
    """One series.

    Parameters
    ----------
    title : str
        What it is called; empty where there is nothing to tell apart.
    x : array of shape (steps,)
        Where the values are, ascending: days since 1970, or numbers.
    values : dict of str to array of shape (steps,)
        Values by the name of their column; NaN is a gap.
    past : tuple of two arrays, optional
        Places and values of what was before a forecast.
    """

    title: str
    x: Numbers
    values: dict[str, Numbers]
    past: tuple[Numbers, Numbers] | None = None


@dataclass(frozen=True)
class Picture:
    """Panels of one kind.

    Parameters
    ----------
    kind : str
        forecast, anomalies, decomposition or lines.
    panels : list of Panel
        In their order; at least one.
    calendar : bool
        Whether places are days since 1970.
    title : str
        Stands above all; may be empty.
    along : str
        Name of the places, where they are numbers; may be empty.
    """

    kind: str
    panels: list[Panel]
    calendar: bool
    title: str = ""
    along: str = ""
