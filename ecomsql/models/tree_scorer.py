"""Scores rows by an ensemble of trees, all trees at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.table import Matrix
from ecomsql.models.interval_search import IntervalSearch

LEAVES = 64
"""Leaves of a tree, at most: a bit each."""
BITS = 1 << 17
"""Trees times rows that are looked at together: what they need stays in a core's cache."""
LEAST, MOST = 256, 2048
"""Rows that these are, at least and at most."""
NOTHING = float(np.float32(1e-35))
"""Size up to which LightGBM takes a value for 0."""
UNITS = ((16, np.uint16), (32, np.uint32), (64, np.uint64))

Bits = NDArray[Any]


@dataclass(slots=True)
class Splits:
    """The splits of an ensemble on one column.

    Attributes
    ----------
    values : list of float
        Greatest value that goes left; or, of a split of categories, nothing of use.
    sets : list of frozenset of int, or None
        The categories that go left.
    missing_left : list of bool
        Whether a missing value goes left.
    trees, masks : list of int
        The tree of each split; and the leaves that are left when a row does not go left.
    """

    values: list[float] = field(default_factory=list)
    sets: list[frozenset[int] | None] = field(default_factory=list)
    missing_left: list[bool] = field(default_factory=list)
    trees: list[int] = field(default_factory=list)
    masks: list[int] = field(default_factory=list)

    @property
    def of_categories(self) -> bool:
        """Whether the column holds codes."""
        return any(one is not None for one in self.sets)


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
        trees = [one["tree_structure"] for one in dump["tree_info"]]
        columns: dict[int, Splits] = {}
        leaves = [_collect(tree, at, columns) for at, tree in enumerate(trees)]
        widest = max((len(one) for one in leaves), default=1)
        if widest > LEAVES:
            raise ValueError(f"a tree has {widest} leaves, more than {LEAVES}")
        self.outputs = int(dump["num_tree_per_iteration"])
        self._unit = next(unit for width, unit in UNITS if widest <= width)
        self._numbers = [at for at, one in sorted(columns.items()) if not one.of_categories]
        self._categories = [at for at, one in sorted(columns.items()) if one.of_categories]
        self._left: dict[int, Bits] = {
            at: _of_categories(columns[at], len(trees), self._unit) for at in self._categories
        }
        bounds = []
        for at in self._numbers:
            found, self._left[at] = _of_numbers(columns[at], len(trees), self._unit)
            bounds.append(found)
        self._intervals = IntervalSearch(bounds)
        self._missing = np.array([[len(one) + 1] for one in bounds], dtype=np.int64)
        values = np.zeros((len(trees), widest))
        for at, one in enumerate(leaves):
            values[at, : len(one)] = one
        self._values = values.ravel()
        self._first = np.arange(len(trees), dtype=np.int32) * widest

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
        shape = (size, len(self._first))
        left, part = np.empty(shape, self._unit), np.empty(shape, self._unit)
        for start in range(0, len(values), size):
            some = values[start : start + size]
            many = len(some)
            self._remaining(some, left[:many], part[:many])
            leaves = self._leaves(left[:many])
            scores = self._values.take(leaves, mode="clip")
            found[start : start + many] = scores.reshape(many, -1, self.outputs).sum(axis=1)
        return found

    def _remaining(self, values: Matrix, left: Bits, part: Bits) -> None:
        """Put into `left` the leaves that no split rules out; `part` is room to work in."""
        left[:] = ~self._unit(0)
        for column, places in self._places(values):
            np.take(self._left[column], places, axis=0, out=part, mode="clip")
            np.bitwise_and(left, part, out=left)

    def _places(self, values: Matrix) -> Iterator[tuple[int, NDArray[np.int64]]]:
        """Yield each column with splits, and the place of each value in what they leave."""
        if self._numbers:
            numbers = np.ascontiguousarray(values[:, self._numbers].T)
            places = self._intervals(numbers)
            np.copyto(places, self._missing, where=np.isnan(numbers))
            yield from zip(self._numbers, places, strict=True)
        for column in self._categories:
            codes, missing = values[:, column], len(self._left[column]) - 1
            # A code beyond all sets is in none of them, as the last but one is.
            known = np.minimum(np.nan_to_num(codes, nan=missing), missing - 1)
            yield column, np.where(np.isnan(codes), missing, known).astype(np.int64)

    def _leaves(self, left: Bits) -> NDArray[Any]:
        """Return the place among all leaves of the first that is left of each tree."""
        first = left & (~left + self._unit(1))
        first -= self._unit(1)
        leaves: NDArray[Any] = np.bitwise_count(first) + self._first
        return leaves


def _block(n_rows: int, n_trees: int) -> int:
    """Return how many rows to look at together: blocks of about the same size, none tiny."""
    most = min(max(BITS // n_trees, LEAST), MOST)
    return max(-(-n_rows // max(-(-n_rows // most), 1)), 1)


def _of_numbers(splits: Splits, n_trees: int, unit: Any) -> tuple[Matrix, Bits]:
    """Return the split values of a column, and what its splits leave between two of them.

    The last place is for missing values.
    """
    trees, masks, missing = _arrays(splits, unit)
    values = np.array([_as_zero(value) for value in splits.values])
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


def _as_zero(bound: float) -> float:
    """Return the bound with which all values that LightGBM takes for 0 go where 0 goes."""
    if abs(bound) > NOTHING:
        return bound
    return NOTHING if bound >= 0.0 else float(np.nextafter(-NOTHING, -np.inf))


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


def _collect(node: dict[str, Any], tree: int, columns: dict[int, Splits]) -> list[float]:
    """Put the splits of a tree into `columns`; return the values of its leaves, left to right."""
    leaves: list[float] = []

    def walk(node: dict[str, Any]) -> None:
        if "split_feature" not in node:
            leaves.append(float(node["leaf_value"]))
            return
        first = len(leaves)
        walk(node["left_child"])
        gone = sum(1 << leaf for leaf in range(first, len(leaves)))
        walk(node["right_child"])
        splits = columns.setdefault(int(node["split_feature"]), Splits())
        is_set = node["decision_type"] == "=="
        among = (
            frozenset(int(one) for one in str(node["threshold"]).split("||")) if is_set else None
        )
        value = 0.0 if is_set else float(node["threshold"])
        splits.values.append(value)
        splits.sets.append(among)
        splits.missing_left.append(_missing_left(node, value, among))
        splits.trees.append(tree)
        # Bits above the last leaf stay set; cut to the unit, as the first leaf is what counts.
        splits.masks.append(((1 << LEAVES) - 1) & ~gone)

    walk(node)
    return leaves


def _missing_left(node: dict[str, Any], value: float, among: frozenset[int] | None) -> bool:
    """Return where a missing value goes; a number where training had none missing counts as 0."""
    if among is not None:
        return False
    return bool(node["default_left"]) if node["missing_type"] == "NaN" else value >= 0.0
