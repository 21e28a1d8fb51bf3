"""Lines and bands that show gaps as gaps and single points as points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ecomsql.plots.panels import Numbers
from ecomsql.plots.style import BAND

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def line(axes: Axes, x: Numbers, y: Numbers, color: str, *, width: float = 1.4) -> None:
    """Draw a line; a value between two gaps is a point."""
    axes.plot(x, y, color=color, linewidth=width)
    lone = alone(np.isfinite(y))
    axes.plot(x[lone], y[lone], color=color, linestyle="none", marker="o", markersize=3)


def band(axes: Axes, x: Numbers, low: Numbers, high: Numbers, color: str) -> None:
    """Fill between two lines; between two gaps the band is a bar."""
    axes.fill_between(x, low, high, color=color, alpha=BAND, linewidth=0)
    lone = alone(np.isfinite(low) & np.isfinite(high))
    axes.vlines(x[lone], low[lone], high[lone], color=color, alpha=2 * BAND, linewidth=3)


def alone(there: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which values have no neighbour.

    Examples
    --------
    >>> alone(np.array([True, False, True, True]))
    array([ True, False, False, False])
    """
    padded = np.concatenate(([False], there, [False]))
    lone: NDArray[np.bool_] = there & ~padded[:-2] & ~padded[2:]
    return lone
