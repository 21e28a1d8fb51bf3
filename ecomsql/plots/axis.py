"""Axes with few, short ticks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.ticker import MaxNLocator, ScalarFormatter

from ecomsql.plots.panels import Numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class _Thousands(ScalarFormatter):
    """12,000 in place of 12000."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Return the text of a tick."""
        text = super().__call__(x, pos)
        whole, dot, rest = text.partition(".")
        return re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", whole) + dot + rest


def along(axes: Axes, x: Numbers, *, calendar: bool) -> None:
    """Set up the axis that the values go along, from the first to the last of `x`."""
    if calendar:
        locator = AutoDateLocator(minticks=3, maxticks=7)
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    else:
        whole = bool((x == x.round()).all())
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=whole))
    first, last = float(x.min()), float(x.max())
    # Wide enough for a float to tell the ends apart.
    margin = (last - first) * 0.02 or max(1.0, abs(first) * 1e-3)
    axes.set_xlim(first - margin, last + margin)


def up(axes: Axes, nbins: int = 5) -> None:
    """Set up the axis of the values."""
    axes.yaxis.set_major_formatter(_Thousands())
    axes.yaxis.set_major_locator(MaxNLocator(nbins=nbins, steps=[1, 2, 2.5, 5, 10]))
