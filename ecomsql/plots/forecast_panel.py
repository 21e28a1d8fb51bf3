"""A forecast with its interval, behind what was before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ecomsql.plots.panels import Panel
from ecomsql.plots.strokes import band, line
from ecomsql.plots.style import AHEAD, PAST

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEGEND = {"history": ("line", PAST), "forecast": ("line", AHEAD), "interval": ("band", AHEAD)}


def draw(axes: Axes, panel: Panel) -> None:
    """Draw a series with columns forecast, lower and upper, and its past."""
    values = panel.values
    band(axes, panel.x, values["lower"], values["upper"], AHEAD)
    if panel.past is not None:
        line(axes, *panel.past, PAST, width=1.2)
        if len(panel.past[0]):
            before = max(panel.past[0][-1], panel.x[0]) == panel.x[0]
            edge = (panel.past[0][-1] + panel.x[0]) / 2 if before else panel.x[0]
            axes.axvline(edge, color=PAST, linewidth=0.7, linestyle=(0, (3, 3)), alpha=0.6)
    line(axes, panel.x, values["forecast"], AHEAD)


def extent(panel: Panel) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the places of the forecast and of its past."""
    return panel.x if panel.past is None else np.concatenate((panel.past[0], panel.x))
