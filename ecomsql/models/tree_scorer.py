"""Scores rows by an ensemble of trees, all trees at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.table import Matrix

LEAVES = 64
"""Leaves of a tree, at most: a bit each."""
ROWS = 512
"""Rows looked at together: what they need stays in a core's cache."""
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
        self._columns = {
            column: _lookup(splits, len(trees), self._unit)
            for column, splits in sorted(columns.items())
        }
        self._values = np.zeros((len(trees), widest))
        for at, one in enumerate(leaves):
            self._values[at, : len(one)] = one
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
        places = {column: one.places(values[:, column]) for column, one in self._columns.items()}
        shape = (min(ROWS, len(values)), len(self._first))
        left, part = np.empty(shape, self._unit), np.empty(shape, self._unit)
        flat = self._values.ravel()
        for start in range(0, len(values), ROWS):
            stop = min(start + ROWS, len(values))
            many = stop - start
            left[:many] = ~self._unit(0)
            for column, one in self._columns.items():
                np.take(one.left, places[column][start:stop], axis=0, out=part[:many], mode="clip")
                np.bitwise_and(left[:many], part[:many], out=left[:many])
            first = left[:many] & (~left[:many] + self._unit(1))
            leaf = np.bitwise_count(first - self._unit(1)) + self._first
            scores = flat.take(leaf)
            found[start:stop] = scores.reshape(many, -1, self.outputs).sum(axis=1)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Lookup:
    """What the splits on a column leave, by the interval or the category of a value.

    Attributes
    ----------
    bounds : float64 array
        Split values, ascending. Of categories: none, and the code is the place.
    left : array of bits, shape (n_places, n_trees)
        The last place is for missing values.
    """

    bounds: Matrix | None
    left: Bits

    def places(self, values: Matrix) -> NDArray[np.int64]:
        """Return the place of each value."""
        missing = len(self.left) - 1
        if self.bounds is None:
            codes = np.where(np.isnan(values), missing, values).astype(np.int64)
            # A code beyond all sets is in none of them, as the last but one is.
            return np.where(np.isnan(values), missing, np.clip(codes, 0, missing - 1))
        values = np.where(np.abs(values) <= NOTHING, 0.0, values)
        found = np.searchsorted(self.bounds, values, side="left")
        found[np.isnan(values)] = missing
        return found


def _lookup(splits: Splits, n_trees: int, unit: Any) -> Lookup:
    trees, masks = np.array(splits.trees), np.array(splits.masks, np.uint64).astype(unit)
    missing = np.array(splits.missing_left)
    if any(one is not None for one in splits.sets):
        sets = [one or frozenset() for one in splits.sets]
        # One more code than any set has: that of all values in no set.
        codes = max((max(one, default=-1) for one in sets), default=-1) + 2
        goes = [np.array([code in one for one in sets]) for code in range(codes)]
        return Lookup(None, _left([*goes, missing], trees, masks, n_trees, unit))
    bounds = np.unique(np.array(splits.values))
    values = np.array(splits.values)
    # Between two bounds, a value goes left at the splits of the greater ones.
    goes = [values >= bound for bound in bounds]
    goes.append(np.zeros(len(values), dtype=bool))
    return Lookup(bounds, _left([*goes, missing], trees, masks, n_trees, unit))


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
