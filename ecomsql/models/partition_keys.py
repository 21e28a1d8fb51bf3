"""Keys by parts: sets that are alike enough have the same elements in one of few parts."""

from __future__ import annotations

import numpy as np

from ecomsql.features.shingles import Shingles
from ecomsql.features.text_units import Hashes, Places, mixed
from ecomsql.models.shared_keys import Shared
from ecomsql.progress import checkpoint

ELEMENTS = 2_000_000
"""Elements looked at at once: some 100 MB of arrays."""

EPSILON = 1e-9
"""Of what is rounded: a set too many is looked at, but none too few."""

_SALT = np.uint64(0xA24BAED4963EE407)


def partition_keys(sets: Shingles, threshold: float) -> Shared:
    """Return keys of which two sets that are alike enough have one in common.

    Sets x and y with a Jaccard similarity of t or more differ in at most
    ``(1 - t) / (1 + t) * (|x| + |y|)`` elements. Put into one more parts than that by a hash, they
    have the same elements in one part at least (Arasu, Ganti, Kaushik: Efficient exact
    set-similarity joins, 2006, PartEnum). Sizes are cut into classes, so wide that only sets of the
    same class or of neighbouring ones can be alike; a set has the keys of the parts that go with
    its class and the next one, and with the one before.

    Parameters
    ----------
    sets : Shingles
        None of them empty.
    threshold : float
        Above 0, below 1.
    """
    bounds = size_classes(int(sets.sizes.max(initial=0)), threshold)
    # Sizes of a class and the next one are at most these together.
    together = bounds[1:-1] + bounds[2:] - 2
    parts = np.floor((1 - threshold) / (1 + threshold) * together + EPSILON).astype(np.int64) + 1
    keys, owners = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.int32)]
    for start, stop in _blocks(sets):
        checkpoint()
        some = sets.take(np.arange(start, stop))
        classes = np.searchsorted(bounds, some.sizes, side="right") - 1
        pairs = np.stack([classes, np.maximum(classes - 1, 0)], axis=1).ravel()
        found, mine = _keys(some, pairs, parts[pairs])
        keys.append(found)
        owners.append((mine + start).astype(np.int32))
    return Shared.of(np.concatenate(keys), np.concatenate(owners))


def size_classes(largest: int, threshold: float) -> Places:
    """Return the smallest size of each class up to that of `largest`, and of two more.

    Examples
    --------
    >>> size_classes(12, 0.8).tolist()
    [1, 2, 3, 4, 6, 8, 11, 14, 18]
    """
    bounds = [1]
    while len(bounds) < 3 or bounds[-2] <= largest:
        bounds.append(int(bounds[-1] / threshold + EPSILON) + 1)
    return np.array(bounds, dtype=np.int64)


def _keys(sets: Shingles, pairs: Places, parts: Places) -> tuple[Hashes, Places]:
    """Return the key of each part of each set, and whose it is.

    Parameters
    ----------
    sets : Shingles
    pairs, parts : int64 array, shape (2 * n_sets,)
        Classes that each set is compared in, and how many parts there are.
    """
    ends = np.cumsum(parts)
    owners = np.repeat(np.arange(len(sets)), sets.sizes)
    scattered = mixed(sets.hashes ^ _SALT)
    sums = np.zeros(ends[-1], dtype=np.uint64)
    for which in range(2):
        at = 2 * owners + which
        place = (scattered % parts[at].astype(np.uint64)).astype(np.int64)
        np.add.at(sums, (ends - parts)[at] + place, sets.hashes)
    slots = np.repeat(np.arange(len(pairs)), parts)
    number = np.arange(len(sums)) - (ends - parts)[slots]
    names = (pairs[slots] << 32) + number
    keys = mixed(sums + mixed(names.astype(np.uint64)))
    # A set of the first class has no class before: the same keys twice would be pairs with itself.
    once = (slots % 2 == 0) | (pairs[slots] != pairs[slots - slots % 2])
    return keys[once], slots[once] // 2


def _blocks(sets: Shingles) -> list[tuple[int, int]]:
    block = (sets.offsets[:-1]) // ELEMENTS
    starts = np.flatnonzero(np.diff(block, prepend=-1))
    return list(zip(starts.tolist(), [*starts[1:].tolist(), len(sets)], strict=True))
