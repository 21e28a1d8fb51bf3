"""Scores rows by an ensemble of trees, all trees at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.table import Matrix
from ecomsql.models.interval_search import IntervalSearch
from ecomsql.models.tree_splits import Splits, splits_of

BITS = 1 << 17
"""Trees times rows that are looked at together: what they need stays in a core's cache."""
LEAST, MOST = 256, 2048
"""Rows that these are, at least and at most."""
JOINED = 512
"""Places of a table that columns with few of them are joined in, at most."""
UNITS = ((16, np.uint16), (32, np.uint32), (64, np.uint64))

Bits = NDArray[Any]


class TreeScorer:
    """Finds the leaf of every tree without walking through the trees.

    Each leaf of a tree is a bit. A split that a row does not go left at rules out the leaves on
    its left; of the leaves that no split rules out, the first is the row's (Lucchese et al.:
    QuickScorer, a fast algorithm to rank documents with additive ensembles of regression trees,
    2015). Which splits a row does not go left at depends, for each column, on the interval between
    two split values that its value is in: what the splits of all trees on a column leave is looked
    up at once.

    Parameters
    ----------
    dump : dict
        What ``lightgbm.Booster.dump_model`` gives.
    """

    def __init__(self, dump: dict[str, Any]) -> None:
        columns, leaves = splits_of(dump)
        widest = max((len(one) for one in leaves), default=1)
        self.outputs = int(dump["num_tree_per_iteration"])
        self._unit = next(unit for width, unit in UNITS if widest <= width)
        self._numbers = [at for at, one in columns.items() if not one.of_categories]
        self._categories = [at for at, one in columns.items() if one.of_categories]
        left = {at: _of_categories(columns[at], len(leaves), self._unit) for at in self._categories}
        bounds = []
        for at in self._numbers:
            found, left[at] = _of_numbers(columns[at], len(leaves), self._unit)
            bounds.append(found)
        self._intervals = IntervalSearch(bounds)
        self._missing = {at: len(one) - 1 for at, one in left.items()}
        self._last = np.array([[self._missing[at]] for at in self._numbers], dtype=np.int64)
        self._joined = list(_joined(left))
        values = np.zeros((len(leaves), widest))
        for at, one in enumerate(leaves):
            values[at, : len(one)] = one
        self._values = values.ravel()
        self._first = np.arange(len(leaves), dtype=np.intp) * widest
        self._rooms = threading.local()

    def __call__(self, values: Matrix) -> Matrix:
        """Return the sum of the trees for each row, shape (n_rows, outputs).

        Parameters
        ----------
        values : float64 array, shape (n_rows, n_columns)
            NaN where missing; codes for categories.
        """
        found = np.zeros((len(values), self.outputs))
        if len(self._first) == 0:
            return found
        size = _block(len(values), len(self._first))
        room = self._room(size)
        for start in range(0, len(values), size):
            some = values[start : start + size]
            scores = self._scores(some, *(one[: len(some)] for one in room))
            found[start : start + len(some)] = scores
        return found

    def _scores(self, values: Matrix, left: Bits, part: Bits, leaf: Bits, score: Matrix) -> Matrix:
        """Return the sums of a block of rows; the other arrays are room to work in."""
        self._remaining(values, left, part)
        # The first bit that is left, as the number of bits before it.
        np.bitwise_and(left, np.negative(left, out=part), out=left)
        left -= self._unit(1)
        np.add(
            np.bitwise_count(left, out=part.view(np.uint8)[:, : left.shape[1]]),
            self._first,
            out=leaf,
        )
        np.take(self._values, leaf, out=score, mode="clip")
        sums: Matrix = (
            score.sum(axis=1, keepdims=True)
            if self.outputs == 1
            else score.reshape(len(values), -1, self.outputs).sum(axis=1)
        )
        return sums

    def _remaining(self, values: Matrix, left: Bits, part: Bits) -> None:
        """Put into `left` the leaves that no split rules out; `part` is room to work in."""
        left[:] = ~self._unit(0)
        places = dict(self._places(values))
        for columns, table in self._joined:
            (first, _), *others = columns
            place = places[first]
            for column, step in others:
                place = place + places[column] * step
            np.take(table, place, axis=0, out=part, mode="clip")
            np.bitwise_and(left, part, out=left)

    def _room(self, size: int) -> tuple[Any, ...]:
        """Return arrays for a block of rows; each thread keeps its own, as fresh memory is slow."""
        room: tuple[Any, ...] | None = getattr(self._rooms, "arrays", None)
        if room is None or len(room[0]) < size:
            shape = (size, len(self._first))
            kinds = (self._unit, self._unit, np.intp, np.float64)
            room = tuple(np.empty(shape, kind) for kind in kinds)
            self._rooms.arrays = room
        return room

    def _places(self, values: Matrix) -> Iterator[tuple[int, NDArray[np.int64]]]:
        """Yield each column with splits, and the place of each value in what they leave."""
        if self._numbers:
            numbers = np.ascontiguousarray(values[:, self._numbers].T)
            places = self._intervals(numbers)
            np.copyto(places, self._last, where=np.isnan(numbers))
            yield from zip(self._numbers, places, strict=True)
        for column in self._categories:
            codes, missing = values[:, column], self._missing[column]
            # A code beyond all sets is in none of them, as the last but one is.
            known = np.minimum(np.nan_to_num(codes, nan=missing), missing - 1)
            yield column, np.where(np.isnan(codes), missing, known).astype(np.int64)


def _block(n_rows: int, n_trees: int) -> int:
    """Return how many rows to look at together: blocks of about the same size, none tiny."""
    most = min(max(BITS // n_trees, LEAST), MOST)
    return max(-(-n_rows // max(-(-n_rows // most), 1)), 1)


def _joined(left: Mapping[int, Bits]) -> Iterator[tuple[tuple[tuple[int, int], ...], Bits]]:
    """Yield tables of what splits leave, those of columns with few places made one.

    With each come its columns and how far apart in it their places are, the first 1.
    """
    columns: tuple[tuple[int, int], ...] = ()
    table: Bits | None = None
    for at, one in sorted(left.items(), key=lambda item: len(item[1])):
        if table is not None and len(table) * len(one) <= JOINED:
            columns = (*columns, (at, len(table)))
            table = (one[:, None] & table).reshape(-1, one.shape[1])
            continue
        if table is not None:
            yield columns, table
        columns, table = ((at, 1),), one
    if table is not None:
        yield columns, table


def _of_numbers(splits: Splits, n_trees: int, unit: Any) -> tuple[Matrix, Bits]:
    """Return the split values of a column, and what its splits leave between two of them.

    The last place is for missing values.
    """
    trees, masks, missing = _arrays(splits, unit)
    values = np.array(splits.values)
    bounds = np.unique(values)
    # Between two bounds, a value goes left at the splits of the greater ones.
    goes = [values >= bound for bound in bounds]
    goes.append(np.zeros(len(values), dtype=bool))
    return bounds, _left([*goes, missing], trees, masks, n_trees, unit)


def _of_categories(splits: Splits, n_trees: int, unit: Any) -> Bits:
    """Return what the splits of a column leave, by code; the last place is for missing values."""
    trees, masks, missing = _arrays(splits, unit)
    sets = [one or frozenset() for one in splits.sets]
    # One more code than any set has: that of all values in no set.
    codes = max((max(one, default=-1) for one in sets), default=-1) + 2
    goes = [np.array([code in one for one in sets]) for code in range(codes)]
    return _left([*goes, missing], trees, masks, n_trees, unit)


def _arrays(splits: Splits, unit: Any) -> tuple[NDArray[np.int64], Bits, NDArray[np.bool_]]:
    masks = np.array(splits.masks, np.uint64).astype(unit)
    return np.array(splits.trees), masks, np.array(splits.missing_left)


def _left(
    goes_left: list[NDArray[np.bool_]],
    trees: NDArray[np.int64],
    masks: Bits,
    n_trees: int,
    unit: Any,
) -> Bits:
    left = np.full((len(goes_left), n_trees), ~unit(0), dtype=unit)
    for place, goes in enumerate(goes_left):
        np.bitwise_and.at(left[place], trees[~goes], masks[~goes])
    return left
