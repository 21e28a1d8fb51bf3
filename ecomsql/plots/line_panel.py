"""Any columns of numbers, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecomsql.plots.panels import Panel
from ecomsql.plots.strokes import line
from ecomsql.plots.style import CYCLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw(axes: Axes, panel: Panel) -> None:
    """Draw the columns of a series."""
    for color, values in zip(CYCLE, panel.values.values(), strict=False):
        line(axes, panel.x, values, color)


def legend(panel: Panel) -> dict[str, tuple[str, str]]:
    """Return what stands for what."""
    return {name: ("line", color) for color, name in zip(CYCLE, panel.values, strict=False)}
