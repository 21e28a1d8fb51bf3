"""How pictures look: colours, sizes, and settings of matplotlib, which hold only while it draws."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib

PAST = "#334155"
AHEAD = "#2563eb"
ODD = "#dc2626"
CYCLE = (
    *("#2563eb", "#ea580c", "#059669", "#9333ea", "#0891b2"),
    *("#db2777", "#65a30d", "#b45309", "#475569", "#dc2626"),
)
"""Colours of lines, one for each of at most ten."""

BAND = 0.18
"""Opacity of an interval."""

SETTINGS: dict[str, Any] = {
    "text.usetex": False,
    "text.parse_math": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "ecomsql",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.edgecolor": "#94a3b8",
    "axes.labelcolor": "#475569",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.formatter.useoffset": False,
    "axes.formatter.limits": (-4, 7),
    "axes.xmargin": 0.02,
    "grid.color": "#e2e8f0",
    "grid.linewidth": 0.7,
    "xtick.color": "#475569",
    "ytick.color": "#475569",
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "lines.linewidth": 1.4,
    "lines.solid_capstyle": "round",
    "legend.frameon": False,
    "figure.titlesize": 12,
    "figure.titleweight": "bold",
    "figure.constrained_layout.h_pad": 0.09,
    "figure.constrained_layout.w_pad": 0.09,
    "figure.dpi": 100,
    "savefig.dpi": 150,
}


@contextmanager
def styled() -> Iterator[None]:
    """Draw in this project's style, whatever the user's settings; they are back afterwards."""
    defaults: dict[str, Any] = {
        name: value
        for name, value in matplotlib.rcParamsDefault.items()
        if not name.startswith("backend")
    }
    with matplotlib.rc_context(), warnings.catch_warnings():
        # A title in letters that the font lacks is no reason not to draw; SVG has them as text.
        warnings.filterwarnings("ignore", message="Glyph")
        settings: Any = matplotlib.rcParams
        settings.update({**defaults, **SETTINGS})
        yield
