"""Review texts as they should have come: no HTML, one spelling of each character, lower case."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence

LONGEST = 1_000_000
"""Characters of a text that count; what follows does not."""

_TAG = re.compile(r"<(?:[a-zA-Z/!][^<>\0]{0,300})?>")
# Variation selectors, joiners, skin tones, soft hyphens and marks of direction: how, not what.
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff]"
)


def cleaned(texts: Sequence[str]) -> str:
    r"""Return texts in one, each ended by a NUL; no other NUL is in it.

    Tags of HTML become spaces and its entities the characters they stand for, compatible characters
    (full-width letters, ligatures) their usual form (NFKC), and capitals small letters.

    Examples
    --------
    >>> cleaned(["It&#39;s <b>GREAT</b>", "", "ＯＫ!"])
    "it's  great \x00\x00ok!\x00"
    """
    plain = [one if one.isascii() and "&" not in one else _respelled(one) for one in _cut(texts)]
    whole = "\0".join([*plain, ""])
    if whole.count("\0") != len(plain):
        whole = "\0".join([*(one.replace("\0", " ") for one in plain), ""])
    if "<" in whole:
        whole = _TAG.sub(" ", whole)
    return whole.lower()


def _cut(texts: Sequence[str]) -> list[str]:
    return [one if len(one) <= LONGEST else one[:LONGEST] for one in texts]


def _respelled(text: str) -> str:
    # What was escaped twice is common.
    if "&" in text:
        text = html.unescape(html.unescape(text))
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
