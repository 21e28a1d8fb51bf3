"""Parts of words, three to five characters long, by which kindred and misspelt words meet."""

from __future__ import annotations

import numpy as np

from ecomsql.features.text_units import Hashes, Places, Units, mixed, powers

SHORTEST = 3
LONGEST = 5

_EDGE = np.uint64(0xD6E8FEB86659FD93)


def subwords_of(units: Units, places: Places) -> tuple[Places, Hashes]:
    """Return the parts of the units at `places`, with the edges of words as characters.

    ``fit`` has the parts ``<fi fit it> <fit fit> <fit>`` (Bojanowski et al.: Enriching word vectors
    with subword information, 2017).

    Parameters
    ----------
    units : Units
    places : int64 array
        Of the units to look at.

    Returns
    -------
    owners : int64 array, shape (parts,)
        Which of `places` each part is of.
    hashes : uint64 array, shape (parts,)

    Examples
    --------
    >>> from ecomsql.features.text_units import units_of
    >>> owners, hashes = subwords_of(units_of(["fit fits"]), np.arange(2))
    >>> np.bincount(owners).tolist(), len(np.unique(hashes))
    ([6, 9], 12)
    """
    lengths = units.ends[places] - units.starts[places] + 2
    stops = np.cumsum(lengths)
    owners = np.repeat(np.arange(len(places)), lengths)
    within = np.arange(stops[-1] if len(stops) else 0) - np.repeat(stops - lengths, lengths)
    edge = (within == 0) | (within == lengths[owners] - 1)
    at = np.where(edge, 0, units.starts[places][owners] + within - 1)
    signs = mixed(units.codes[at].astype(np.uint64) + np.uint64(1))
    signs[edge] = _EDGE
    parts = [_windows(signs, lengths[owners] - within, n) for n in range(SHORTEST, LONGEST + 1)]
    found = np.concatenate([starts for starts, _ in parts])
    return owners[found], np.concatenate([hashes for _, hashes in parts])


def _windows(signs: Hashes, left: Places, n: int) -> tuple[Places, Hashes]:
    """Return where `n` characters of one word start, and their hashes."""
    starts = np.flatnonzero(left >= n)
    factors = powers(n)
    sums = np.zeros(len(starts), dtype=np.uint64)
    for step in range(n):
        sums += signs[starts + step] * factors[step]
    return starts, mixed(sums)
