"""Texts of the user's that go into a picture: shown as they are, never interpreted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from unicodedata import east_asian_width

LONGEST = 40
"""Characters of one title; those of East Asia count twice."""


def title_of(key: Sequence[str | None], *, null: str) -> str:
    """Return what a panel is called: the parts of its key; `null` stands for a first NULL.

    Examples
    --------
    >>> title_of(("42", "theta"), null="all rows")
    '42 · theta'
    >>> title_of((None, None), null="all rows")
    'all rows'
    """
    parts = [null if at == 0 and part is None else part for at, part in enumerate(key)]
    return shown(" · ".join(part for part in parts if part is not None))


def shown(text: str, longest: int = LONGEST) -> str:
    r"""Return `text` as one short line without characters that cannot be seen.

    Control characters would break an SVG, and marks that turn the direction of writing the title.

    Examples
    --------
    >>> shown("two\nlines\x00 ")
    'two lines�'
    """
    line = " ".join(text.split())
    line = "".join(letter if letter.isprintable() else "�" for letter in line)
    ends = list(accumulate(2 if east_asian_width(letter) in "WF" else 1 for letter in line))
    if not line or ends[-1] <= longest:
        return line
    return line[: sum(end < longest for end in ends)] + "…"


def for_legend(text: str) -> str:
    """Return a legend's label; matplotlib takes one with a ``_`` in front as hidden."""
    line = shown(text, 32)
    return f" {line}" if line.startswith("_") else line
