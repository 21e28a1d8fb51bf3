"""Near copies among texts: each with the first text that it is a copy of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.shingles import Shingles
from ecomsql.features.text_counts import distinct
from ecomsql.features.text_units import Hashes, Places, mixed
from ecomsql.models.first_alike import Heads
from ecomsql.models.partition_keys import partition_keys
from ecomsql.models.prefix_keys import prefix_keys
from ecomsql.models.set_overlap import Sets
from ecomsql.models.shared_keys import Shared

FEW = 8
"""Pairs a text that are compared without looking for a way to compare fewer."""


@dataclass(frozen=True, slots=True, eq=False)
class Copies:
    """Texts that are copies, in order; shape (copies,) each.

    Attributes
    ----------
    texts, originals : int64 array
        The copy, and the text before it that it is a copy of.
    similarities : float64 array
        Jaccard similarity of both, from the threshold to 1.
    """

    texts: Places
    originals: Places
    similarities: NDArray[np.float64]


def near_duplicates(texts: Shingles, threshold: float) -> Copies:
    """Return the texts that are near copies of others.

    In the order of texts, each is a copy of the first one before it that is no copy itself and has
    a Jaccard similarity to it of at least `threshold`: shingles in common to shingles of either.
    The answer is exact: two filters that leave out no pair find who has to be compared, and every
    pair is measured. Of both filters, that with fewer pairs is used; which one is does not change
    the answer.

    Parameters
    ----------
    texts : Shingles
        Texts without any take no part.
    threshold : float
        Above 0, up to 1.

    Raises
    ------
    Stopped
        If the user asked for the work to end.

    Examples
    --------
    >>> from ecomsql.features.shingles import shingles_of
    >>> texts = ["a b c d e f g h", "x", "A b c d e f, g h!", "a b c d e f g h i"]
    >>> found = near_duplicates(shingles_of([texts], size=1, min_words=1), 0.8)
    >>> found.texts.tolist(), found.originals.tolist(), found.similarities.round(3).tolist()
    ([2, 3], [0, 0], [1.0, 0.889])
    """
    filled = np.flatnonzero(texts.sizes > 0)
    _, examples, which = distinct(_bags(texts, filled))
    different = np.sort(examples)
    heads, similarities = _heads(texts.take(filled[different]), threshold)
    mine = np.searchsorted(different, examples[which])
    originals = filled[different[heads[mine]]]
    copies = originals != filled
    return Copies(filled[copies], originals[copies], similarities[mine][copies])


def _bags(texts: Shingles, filled: Places) -> Hashes:
    """Return a hash of all shingles of each text that has any."""
    if not len(filled):
        return np.zeros(0, dtype=np.uint64)
    sums: Hashes = np.add.reduceat(mixed(texts.hashes + np.uint64(1)), texts.offsets[filled])
    return mixed(sums + texts.sizes[filled].astype(np.uint64))


def _heads(texts: Shingles, threshold: float) -> tuple[Places, NDArray[np.float64]]:
    """Return the head of each of different texts, and its similarity to it."""
    if threshold == 1.0 or not len(texts):
        return np.arange(len(texts)), np.ones(len(texts))
    shared = partition_keys(texts, threshold)
    sets = None
    if shared.n_pairs > FEW * len(texts):
        sets = Sets.of(texts)
        rarest = prefix_keys(sets, threshold)
        shared = min(shared, rarest, key=lambda one: one.n_pairs)
    found = Heads(sets or Sets.of(_suspects(texts, shared)), shared, threshold)
    return found.heads, found.similarities


def _suspects(texts: Shingles, shared: Shared) -> Shingles:
    """Empty the texts that are compared with none."""
    is_compared = np.zeros(len(texts), dtype=np.bool_)
    is_compared[shared.owners] = True
    sizes = np.where(is_compared, texts.sizes, 0)
    hashes = texts.hashes[np.repeat(is_compared, texts.sizes)]
    return Shingles(hashes, np.concatenate([[0], np.cumsum(sizes)]))
