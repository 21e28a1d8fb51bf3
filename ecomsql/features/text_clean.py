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
    short = [one if len(one) <= LONGEST else one[:LONGEST] for one in texts]
    whole = "\0".join([*short, ""])
    if whole.count("\0") != len(short):
        whole = "\0".join([*(one.replace("\0", " ") for one in short), ""])
    if "&" in whole:
        whole = _unescaped(whole)
    if "<" in whole:
        whole = _TAG.sub(" ", whole)
    if not whole.isascii():
        whole = _INVISIBLE.sub("", unicodedata.normalize("NFKC", whole))
    return whole.lower()


def _unescaped(whole: str) -> str:
    # Text by text: an entity must not reach over the end of one; twice escaped is common.
    parts = whole.split("\0")
    told = [html.unescape(html.unescape(one)) if "&" in one else one for one in parts]
    return "\0".join(one.replace("\0", " ") for one in told)
