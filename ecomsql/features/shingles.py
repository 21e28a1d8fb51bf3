"""Texts as bags of shingles: short sequences of words and ideographs, each a hash."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from ecomsql.features.character_kinds import PICTURE
from ecomsql.features.text_units import Hashes, Places, chunks, followed, powers, units_of

SHORT = 8
"""Words from which on a text is more than one shingle."""

_EDGE = np.uint64(0x8EBC6AF09C88C6E3)
"""What stands before and after every text."""


@dataclass(frozen=True, slots=True, eq=False)
class Shingles:
    """The shingles of some texts; no text has one twice.

    Attributes
    ----------
    hashes : uint64 array, shape (shingles,)
        Those of a text stand together; different ones for all practical purposes.
    offsets : int64 array, shape (n_texts + 1,)
        Text ``i`` has ``hashes[offsets[i]:offsets[i + 1]]``.
    """

    hashes: Hashes
    offsets: Places

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def sizes(self) -> Places:
        """How many shingles each text has."""
        return np.diff(self.offsets)

    @classmethod
    def joined(cls, parts: Sequence[Shingles]) -> Self:
        """Put texts after one another."""
        hashes = [np.zeros(0, dtype=np.uint64), *(one.hashes for one in parts)]
        sizes = [np.zeros(1, dtype=np.int64), *(one.sizes for one in parts)]
        return cls(np.concatenate(hashes), np.cumsum(np.concatenate(sizes)))

    def take(self, texts: Places) -> Shingles:
        """Return some texts."""
        sizes = self.sizes[texts]
        ends = np.cumsum(sizes)
        moved = np.repeat(self.offsets[texts] - (ends - sizes), sizes)
        return Shingles(
            self.hashes[moved + np.arange(len(moved))], np.concatenate([[0], ends]).astype(np.int64)
        )


def shingles_of(pieces: Iterable[Sequence[str]], *, size: int, min_words: int) -> Shingles:
    """Return the shingles of texts.

    A shingle is a sequence of `size` words of a text; an ideograph is a word, emoji are none, and
    whatever stands between two words does not matter (Broder: On the resemblance and containment of
    documents, 1997). Before and after the text come ``size - 1`` edges, so that its first and last
    words count as much as others. A shingle that comes again is a different one, the second of its
    kind (Chaudhuri, Ganti, Kaushik: A primitive operator for similarity joins, 2006). A text of
    fewer than `SHORT` words is one shingle, so that only an equal text has it.

    Parameters
    ----------
    pieces : iterable of sequences of str
        Texts, some at a time.
    size : int
        Words of a shingle.
    min_words : int
        Words of a text, at least; a shorter one has no shingles.

    Raises
    ------
    Stopped
        If the user asked for the work to end.

    Examples
    --------
    >>> texts = ["So nice! 👍", "so nice", "nice so", "and I had the blue one, and I lost it", ""]
    >>> found = shingles_of([texts], size=2, min_words=1)
    >>> found.sizes.tolist(), len(np.unique(found.hashes))
    ([1, 1, 1, 11, 0], 13)
    """
    return Shingles.joined(
        [_in_chunk(some, size, min_words) for piece in pieces for _, some in chunks(piece)]
    )


def _in_chunk(texts: Sequence[str], size: int, min_words: int) -> Shingles:
    units = units_of(texts)
    words = units.kinds != PICTURE
    hashes, owners = units.hashes[words], units.texts[words]
    counts = np.bincount(owners, minlength=len(texts))
    counts[counts < min_words] = 0
    long, short = (np.where(one, counts, 0) for one in (counts >= SHORT, counts < SHORT))
    parts = [
        _wholes(hashes[short[owners] > 0], short[short > 0]),
        _sequences(hashes[long[owners] > 0], long[long > 0], size),
    ]
    sizes = np.where(long > 0, long + size - 1, short > 0)
    mine = [np.repeat(np.arange(len(texts)), np.where(one > 0, sizes, 0)) for one in (short, long)]
    found = _numbered(np.concatenate(parts), np.concatenate(mine))
    return Shingles(found, np.concatenate([[0], np.cumsum(sizes)]))


def _wholes(words: Hashes, counts: Places) -> Hashes:
    """Return the hash of all words of each text."""
    if not len(counts):
        return words
    starts = np.cumsum(counts) - counts
    within = np.arange(len(words)) - np.repeat(starts, counts)
    sums: Hashes = np.add.reduceat(words * powers(SHORT)[within], starts)
    return followed(sums, counts.astype(np.uint64))


def _sequences(words: Hashes, counts: Places, size: int) -> Hashes:
    """Return the hash of every `size` words of each text, edges included.

    The edges after a text are those before the next one, too.
    """
    total = int((counts + size - 1).sum())
    row = np.full(total + size - 1, _EDGE)
    texts = np.repeat(np.arange(1, len(counts) + 1), counts)
    row[np.arange(len(words)) + texts * (size - 1)] = words
    found = row[:total]
    for step in range(1, size):
        found = followed(found, row[step : total + step])
    return found


def _numbered(hashes: Hashes, owners: Places) -> Hashes:
    """Sort hashes by owner, and make those of one owner different that come repeatedly."""
    order = np.lexsort((hashes, owners))
    hashes, owners = hashes[order], owners[order]
    again = np.zeros(len(hashes), dtype=np.bool_)
    again[1:] = (hashes[1:] == hashes[:-1]) & (owners[1:] == owners[:-1])
    places = np.flatnonzero(again)
    if len(places):
        begins = np.maximum.accumulate(np.where(again, 0, np.arange(len(again))))
        numbers = (places - begins[places]).astype(np.uint64)
        hashes[places] = followed(hashes[places], numbers)
    return hashes
