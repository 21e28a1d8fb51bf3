"""A series with what was to be expected of it, and the values that were not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecomsql.plots.panels import Panel
from ecomsql.plots.strokes import band, line
from ecomsql.plots.style import AHEAD, ODD, PAST

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEGEND = {
    "value": ("line", PAST),
    "expected": ("line", AHEAD),
    "usual": ("band", AHEAD),
    "anomaly": ("point", ODD),
}


def draw(axes: Axes, panel: Panel) -> None:
    """Draw a series with columns value, expected, lower, upper and is_anomaly."""
    values = panel.values
    band(axes, panel.x, values["lower"], values["upper"], AHEAD)
    line(axes, panel.x, values["expected"], AHEAD, width=1.0)
    line(axes, panel.x, values["value"], PAST, width=1.1)
    odd = values["is_anomaly"] == 1
    axes.plot(
        panel.x[odd],
        values["value"][odd],
        color=ODD,
        linestyle="none",
        marker="o",
        markersize=4.5,
        markeredgecolor="white",
        markeredgewidth=0.6,
        zorder=4,
    )
