"""Numbers as people write them."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np


def number_texts(numbers: Iterable[float], *, digits: int | None = None) -> list[str | None]:
    """Return numbers as text: whole ones without a point, and None for what is missing.

    Parameters
    ----------
    digits : int, optional
        Figures to write at most, where what is behind them is rounding; default: all there are.

    Examples
    --------
    >>> number_texts([3.0, 0.5, float("nan"), float("inf")])
    ['3', '0.5', None, 'inf']
    >>> number_texts([82.50000000000276, 1e-9, 123456.0], digits=4)
    ['82.5', '0.000000001', '123500']
    """
    return [_text(float(one), digits) for one in numbers]


def _text(number: float, digits: int | None) -> str | None:
    if math.isnan(number):
        return None
    if not math.isfinite(number):
        return str(number)
    if digits is not None:
        return np.format_float_positional(
            number + 0.0, precision=digits, fractional=False, trim="-"
        )
    return str(int(number)) if number == int(number) else str(number)
