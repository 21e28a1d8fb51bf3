"""Texts cut into clauses, as they stand: capitals, HTML and all.

A clause ends with a sentence, before a word like "but", and, where enough stands on both sides, at
a comma: a list of single words is not cut up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.character_kinds import GAP, IDEOGRAPH, LETTER, PICTURE, kinds_of
from ecomsql.features.text_clean import LONGEST
from ecomsql.features.text_units import Places

ENOUGH = 4
"""Words on both sides of a comma that ends a clause; an ideograph or emoji counts as two."""

_STRONG = ".!?;\n\r\0。！？；…．～"
_WEAK = ",，﹐"
_TURNS = ("but", "however", "although", "though", "whereas", "except")
_NO_TURNS = ("nothing but", "anything but", "all but", "as though", "even though")
_TURNS_ALONE = ("但", "不过", "可是", "然而", "只是", "就是")
_NO_TURNS_ALONE = ("但愿", "不但", "非但", "不过敏", "不过期", "不过如此", "就是说", "也就是")
_HTML = re.compile(r"&#?\w{1,31};|<[a-zA-Z/!][^<>\0]{0,300}>")
_LINES = re.compile(r"</? ?(?:br|p|div|li|ul|ol|tr|h[1-6])\b[^<>\0]{0,300}>", re.IGNORECASE)

Codes = NDArray[np.uint32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Clauses:
    """The clauses of some texts, in the order in which they are read.

    Attributes
    ----------
    texts : int64 array, shape (clauses,)
        Which text each is in, ascending.
    places : int64 array, shape (clauses,)
        Where each starts in its text, in characters.
    starts, ends : int64 array, shape (clauses,)
        Where each stands in `whole`, without spaces and punctuation around.
    whole : str
        All texts.
    """

    texts: Places
    places: Places
    starts: Places
    ends: Places
    whole: str

    def __len__(self) -> int:
        return len(self.texts)

    def spelled(self, chosen: Places | slice = slice(None)) -> list[str]:
        """Return clauses as they stand."""
        pairs = zip(self.starts[chosen].tolist(), self.ends[chosen].tolist(), strict=True)
        return [self.whole[start:end] for start, end in pairs]


def clauses_of(texts: Sequence[str]) -> Clauses:
    """Return the clauses of texts; one without a word or an emoji is left out.

    Examples
    --------
    >>> clauses_of(["Soft, warm, light, but TOO small! Arrived late", "味道好，送得慢"]).spelled()
    ['Soft, warm, light', 'but TOO small', 'Arrived late', '味道好', '送得慢']
    """
    whole = "\0".join([*(one[:LONGEST].replace("\0", " ") for one in texts), ""])
    codes = np.frombuffer(whole.encode("utf-32-le", "replace"), dtype=np.uint32)
    kinds = kinds_of(codes)
    told = np.flatnonzero(_told(whole, kinds))
    cuts = _cuts(whole, codes, kinds)
    firsts, lasts = np.searchsorted(told, cuts[:-1]), np.searchsorted(told, cuts[1:])
    filled = firsts < lasts
    starts, ends = told[firsts[filled]], told[lasts[filled] - 1] + 1
    bounds = np.flatnonzero(codes == 0)
    owners = np.searchsorted(bounds, starts)
    begins = np.concatenate([[0], bounds + 1])[owners]
    return Clauses(owners, starts - begins, starts, ends, whole)


def _told(whole: str, kinds: NDArray[np.uint8]) -> Flags:
    """Return which characters are part of a word or an emoji, and not of HTML."""
    told: Flags = kinds != GAP
    for start, end in _spans(_HTML, whole):
        told[start:end] = False
    return told


def _cuts(whole: str, codes: Codes, kinds: NDArray[np.uint8]) -> Places:
    """Return where clauses start, and the end of all."""
    strong, weak = _is_one_of(codes, _STRONG), _is_one_of(codes, _WEAK) | _spaced(codes, kinds)
    kept = ~_in_number(codes, kinds)
    for start, end in _spans(_HTML, whole):
        kept[start:end] = False
    after = np.flatnonzero(strong & kept) + 1
    turns = _turns(codes, kinds)
    lines = [end for _, end in _spans(_LINES, whole)]
    fixed = np.unique(np.concatenate([[0, len(codes)], after, *turns, lines]).astype(np.int64))
    commas = np.flatnonzero(weak & kept) + 1
    return np.union1d(fixed, commas[_parts_enough(commas, fixed, kinds)])


def _turns(codes: Codes, kinds: NDArray[np.uint8]) -> list[Places]:
    """Return where words like "but" start."""
    small = codes + np.uint32(32) * ((codes >= ord("A")) & (codes <= ord("Z")))
    inside = np.append(kinds == LETTER, False)
    words = [_places(small, word, inside) for word in (*_TURNS, *_TURNS_ALONE)]
    others = [
        _places(small, phrase, inside) + phrase.index(word)
        for phrase in (*_NO_TURNS, *_NO_TURNS_ALONE)
        for word in (*_TURNS, *_TURNS_ALONE)
        if word in phrase
    ]
    no_turns = np.concatenate(others)
    return [one[~np.isin(one, no_turns)] for one in words]


def _places(codes: Codes, phrase: str, inside: Flags) -> Places:
    """Return where a phrase starts; one of letters only as whole words."""
    found = np.flatnonzero(codes[: len(codes) - len(phrase)] == ord(phrase[0]))
    for at, letter in enumerate(phrase[1:], 1):
        found = found[codes[found + at] == ord(letter)]
    if phrase.isascii():
        found = found[~inside[found - 1] & ~inside[found + len(phrase)]]
    return found


def _parts_enough(commas: Places, fixed: Places, kinds: NDArray[np.uint8]) -> Flags:
    """Return which commas have enough words before and after them, up to the next cut."""
    words = (kinds == LETTER) & np.concatenate([[True], kinds[:-1] != LETTER])
    sizes = words + 2 * ((kinds == IDEOGRAPH) | (kinds == PICTURE))
    total = np.concatenate([[0], np.cumsum(sizes)])
    cuts = np.union1d(fixed, commas)
    at = np.searchsorted(cuts, commas)
    before = total[commas] - total[cuts[at - 1]]
    after = total[cuts[np.minimum(at + 1, len(cuts) - 1)]] - total[commas]
    enough: Flags = (before >= ENOUGH) & (after >= ENOUGH)
    return enough


def _in_number(codes: Codes, kinds: NDArray[np.uint8]) -> Flags:
    """Return which characters stand between two digits: 3.5 and 1,000 are not cut."""
    digits = (codes >= ord("0")) & (codes <= ord("9"))
    inside = np.zeros(len(codes), dtype=np.bool_)
    inside[1:-1] = digits[:-2] & digits[2:] & (kinds[1:-1] == GAP)
    return inside


def _spaced(codes: Codes, kinds: NDArray[np.uint8]) -> Flags:
    """Return which characters are a space between two ideographs, which ends a clause."""
    alone = kinds == IDEOGRAPH
    spaces = np.zeros(len(codes), dtype=np.bool_)
    spaces[1:-1] = alone[:-2] & alone[2:] & _is_one_of(codes[1:-1], " \u3000\t")
    return spaces


def _is_one_of(codes: Codes, marks: str) -> Flags:
    return np.isin(codes, np.array([ord(one) for one in marks], dtype=np.uint32))


def _spans(pattern: re.Pattern[str], whole: str) -> Iterator[tuple[int, int]]:
    if pattern.pattern.startswith(("&", "<")) and "<" not in whole and "&" not in whole:
        return iter(())
    return (found.span() for found in pattern.finditer(whole))
