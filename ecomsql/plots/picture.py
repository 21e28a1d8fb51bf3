"""The whole picture: a grid of panels, one legend, one title."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ecomsql.plots import anomaly_panel, decomposition_panel, forecast_panel, line_panel
from ecomsql.plots.axis import along, up
from ecomsql.plots.panels import Panel, Picture
from ecomsql.plots.recognised import ANOMALIES, DECOMPOSITION, FORECAST
from ecomsql.plots.style import BAND
from ecomsql.plots.titles import for_legend, shown

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.gridspec import SubplotSpec


def drawn(picture: Picture) -> Figure:
    """Return the figure of a picture; call it, and save it, within ``styled()``."""
    columns = columns_of(len(picture.panels))
    rows = math.ceil(len(picture.panels) / columns)
    tall = picture.kind == DECOMPOSITION
    width, height = (9.0, 5.6 if tall else 4.2) if columns == 1 else (4.6, 4.2 if tall else 2.6)
    figure = Figure(figsize=(width * columns, height * rows + 0.6), layout="constrained")
    grid = figure.add_gridspec(rows, columns)
    for at, panel in enumerate(picture.panels):
        place = grid[at // columns, at % columns]
        if tall:
            _decomposition(figure, place, panel, calendar=picture.calendar)
        else:
            _panel(figure, place, panel, picture)
    if picture.title:
        figure.suptitle(shown(picture.title, 90), x=0.01, ha="left")
    _legend(figure, picture)
    return figure


def columns_of(panels: int) -> int:
    """Return how many panels stand side by side.

    Examples
    --------
    >>> [columns_of(panels) for panels in (1, 2, 4, 6, 12, 100)]
    [1, 2, 2, 3, 3, 4]
    """
    return 1 if panels == 1 else 2 if panels <= 4 else 3 if panels <= 15 else 4


def _panel(figure: Figure, place: SubplotSpec, panel: Panel, picture: Picture) -> None:
    axes = figure.add_subplot(place)
    draw = {FORECAST: forecast_panel.draw, ANOMALIES: anomaly_panel.draw}
    draw.get(picture.kind, line_panel.draw)(axes, panel)
    along(axes, forecast_panel.extent(panel), calendar=picture.calendar)
    up(axes)
    axes.set_title(panel.title)
    axes.set_xlabel(shown(picture.along))
    if len(_meanings(picture)) == 1:
        axes.set_ylabel(shown(next(iter(panel.values))))


def _decomposition(figure: Figure, place: SubplotSpec, panel: Panel, *, calendar: bool) -> None:
    parts = place.subgridspec(len(decomposition_panel.PARTS), 1, hspace=0)
    axes = [figure.add_subplot(parts[row, 0]) for row in range(len(decomposition_panel.PARTS))]
    decomposition_panel.draw(axes, panel, calendar=calendar)
    figure.align_ylabels(axes)


def _meanings(picture: Picture) -> dict[str, tuple[str, str]]:
    """Return what stands for what: the name, the shape and the colour."""
    if picture.kind == DECOMPOSITION:
        return {}
    if picture.kind == ANOMALIES:
        return anomaly_panel.LEGEND
    if picture.kind == FORECAST:
        has_past = any(panel.past is not None for panel in picture.panels)
        legend = forecast_panel.LEGEND
        return {name: what for name, what in legend.items() if has_past or name != "history"}
    return line_panel.legend(picture.panels[0])


def _legend(figure: Figure, picture: Picture) -> None:
    meanings = _meanings(picture)
    if len(meanings) < 2:
        return
    figure.legend(
        handles=[_sample(shape, color) for shape, color in meanings.values()],
        labels=[for_legend(name) for name in meanings],
        loc="outside lower center",
        ncols=min(len(meanings), 5),
    )


def _sample(shape: str, color: str) -> Artist:
    if shape == "band":
        return Patch(facecolor=color, alpha=BAND)
    if shape == "point":
        return Line2D([], [], color=color, linestyle="none", marker="o", markersize=4.5)
    return Line2D([], [], color=color)
