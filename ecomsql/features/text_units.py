"""Texts as sequences of units: words, ideographs and emoji, each known by a hash of 64 bits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.character_kinds import IDEOGRAPH, LETTER, PICTURE, kinds_of
from ecomsql.features.text_clean import cleaned
from ecomsql.progress import checkpoint

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]

CHUNK = 400_000
"""Characters looked at at once: some 20 MB of arrays, much of which a processor keeps near."""

_ODD = np.uint64(0x9E3779B97F4A7C15)
_APOSTROPHES = np.array([0x27, 0x2019, 0x02BC, 0x60], dtype=np.uint32)
_PRIME = np.uint32(0x27)


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """The units of some texts, in the order in which they are read.

    Attributes
    ----------
    hashes : uint64 array, shape (units,)
        Of the characters of each; different ones for all practical purposes.
    texts : int64 array, shape (units,)
        Which text each is in, ascending.
    kinds : uint8 array, shape (units,)
        LETTER (a word), IDEOGRAPH or PICTURE; see :mod:`~ecomsql.features.character_kinds`.
    starts, ends : int64 array, shape (units,)
        Where each stands in `codes`.
    codes : uint32 array
        Code points of the cleaned texts, a 0 after each.
    n_texts : int
    """

    hashes: Hashes
    texts: Places
    kinds: NDArray[np.uint8]
    starts: Places
    ends: Places
    codes: NDArray[np.uint32]
    n_texts: int

    def __len__(self) -> int:
        return len(self.hashes)

    def spelled(self, places: Places) -> list[str]:
        """Return units at `places` as text."""
        pairs = zip(self.starts[places].tolist(), self.ends[places].tolist(), strict=True)
        return [self.codes[start:end].tobytes().decode("utf-32-le") for start, end in pairs]


def units_of(texts: Sequence[str]) -> Units:
    """Return the units of texts; an empty text has none.

    A word is a run of letters and digits, with apostrophes inside; every ideograph and every emoji
    is a unit by itself.

    Examples
    --------
    >>> found = units_of(["I don't like it", "很好👍"])
    >>> found.spelled(np.arange(len(found)))
    ['i', "don't", 'like', 'it', '很', '好', '👍']
    >>> found.texts.tolist()
    [0, 0, 0, 0, 1, 1, 1]
    """
    codes = np.frombuffer(cleaned(texts).encode("utf-32-le", "replace"), dtype=np.uint32)
    codes, kinds = _with_apostrophes(codes, kinds_of(codes))
    inside = kinds == LETTER
    alone = (kinds == IDEOGRAPH) | (kinds == PICTURE)
    before = np.concatenate([[False], inside[:-1]])
    after = np.concatenate([inside[1:], [False]])
    starts = np.flatnonzero((inside & ~before) | alone)
    ends = np.flatnonzero((inside & ~after) | alone) + 1
    bounds = np.flatnonzero(codes == 0)
    return Units(
        hashes=_hashes(codes, starts, ends),
        texts=np.searchsorted(bounds, starts),
        kinds=kinds[starts],
        starts=starts,
        ends=ends,
        codes=codes,
        n_texts=len(texts),
    )


def chunks(texts: Sequence[str], *, size: int = CHUNK) -> Iterator[tuple[int, Sequence[str]]]:
    """Cut texts into pieces of about `size` characters, each with the place where it starts."""
    lengths = np.cumsum([len(one) + 1 for one in texts])
    start = 0
    while start < len(texts):
        checkpoint()
        done = lengths[start - 1] if start else 0
        stop = max(int(np.searchsorted(lengths, done + size, side="right")), start + 1)
        yield start, texts[start:stop]
        start = stop


def mixed(values: Hashes) -> Hashes:
    """Scatter bits, by the finaliser of SplitMix64 (Steele, Lea, Flood, 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def followed(first: Hashes, second: Hashes) -> Hashes:
    """Return the hash of two units, or sequences of units, one after the other."""
    return mixed(first * _ODD + second)


def powers(n: int) -> Hashes:
    """Return the first `n` powers of an odd number, modulo 2^64."""
    factors = np.full(n, _ODD)
    factors[:1] = 1
    return np.cumprod(factors, dtype=np.uint64)


def _hashes(codes: NDArray[np.uint32], starts: Places, ends: Places) -> Hashes:
    """Return polynomial hashes of the stretches from `starts` to `ends`, in this order."""
    if not len(starts):
        return np.zeros(0, dtype=np.uint64)
    lengths = ends - starts
    offsets = np.cumsum(lengths) - lengths
    within = np.arange(lengths.sum()) - np.repeat(offsets, lengths)
    terms = mixed(codes[np.repeat(starts, lengths) + within].astype(np.uint64) + _ODD)
    terms *= powers(int(lengths.max()))[within]
    sums: Hashes = np.add.reduceat(terms, offsets)
    return mixed(sums)


def _with_apostrophes(
    codes: NDArray[np.uint32], kinds: NDArray[np.uint8]
) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """Make apostrophes between two letters part of the word, all of one kind."""
    places = np.flatnonzero(np.isin(codes, _APOSTROPHES))
    places = places[(places > 0) & (places < len(codes) - 1)]
    places = places[(kinds[places - 1] == LETTER) & (kinds[places + 1] == LETTER)]
    codes, kinds = codes.copy(), kinds.copy()
    codes[places], kinds[places] = _PRIME, LETTER
    return codes, kinds
