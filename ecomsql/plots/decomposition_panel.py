"""A series and its parts, one above the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ecomsql.plots.axis import along, up
from ecomsql.plots.panels import Panel
from ecomsql.plots.strokes import alone, line
from ecomsql.plots.style import AHEAD, PAST

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PARTS = ("value", "trend", "seasonal", "remainder")


def draw(rows: list[Axes], panel: Panel, *, calendar: bool) -> None:
    """Draw a series with columns value, trend, seasonal and remainder on four axes."""
    for axes, part in zip(rows, PARTS, strict=True):
        values = panel.values[part]
        if part == "remainder":
            axes.axhline(0, color=PAST, linewidth=0.7, alpha=0.6)
            axes.vlines(panel.x, 0, np.nan_to_num(values), color=PAST, linewidth=0.8)
            lone = alone(np.isfinite(values))
            axes.plot(panel.x[lone], values[lone], color=PAST, linestyle="none", marker=".")
        else:
            line(axes, panel.x, values, PAST if part == "value" else AHEAD, width=1.1)
        axes.set_ylabel(part, fontsize=8)
        along(axes, panel.x, calendar=calendar)
        up(axes, nbins=3)
        axes.tick_params(labelbottom=axes is rows[-1])
        if axes is not rows[-1]:
            axes.xaxis.get_offset_text().set_visible(False)
    rows[0].set_title(panel.title)
