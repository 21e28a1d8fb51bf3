"""What characters are to a reader: part of a word, a word by itself, a picture, a gap."""

from __future__ import annotations

import unicodedata
from typing import Final

import numpy as np
from numpy.typing import NDArray

GAP: Final = 0
"""Spaces, punctuation, control characters."""
LETTER: Final = 1
"""Letters and digits of scripts that put spaces between words."""
IDEOGRAPH: Final = 2
"""Characters of scripts without spaces: Chinese, kana, Thai, Lao, Khmer, Burmese."""
PICTURE: Final = 3
"""Emoji and other symbols that stand for something."""

_UNKNOWN: Final = 255
_UNSPACED = (
    *((0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x3029), (0x3040, 0x30FF), (0x31F0, 0x31FF)),
    *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF)),
    *((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF)),
)
_TABLE: NDArray[np.uint8] = np.full(0x110000, _UNKNOWN, dtype=np.uint8)


def kinds_of(codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Return the kind of each code point.

    Examples
    --------
    >>> kinds_of(np.array([ord(one) for one in "a 好😀!"], dtype=np.uint32)).tolist()
    [1, 0, 2, 3, 0]
    """
    kinds: NDArray[np.uint8] = _TABLE[codes]
    if (kinds == _UNKNOWN).any():
        for code in np.unique(codes[kinds == _UNKNOWN]).tolist():
            _TABLE[code] = _kind(code)
        kinds = _TABLE[codes]
    return kinds


def _kind(code: int) -> int:
    category = unicodedata.category(chr(code))
    if any(low <= code <= high for low, high in _UNSPACED):
        return IDEOGRAPH if category[0] in "LMN" else GAP
    if category[0] in "LMN":
        return LETTER
    # Hearts, stars, faces; of ASCII only what takes part in prices and shares.
    return PICTURE if category == "So" or chr(code) in "$€£¥%" else GAP
