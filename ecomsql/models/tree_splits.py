"""The splits of an ensemble of trees, column by column."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

LEAVES = 64
"""Leaves of a tree, at most: a bit each."""
NOTHING = float(np.float32(1e-35))
"""Size up to which LightGBM takes a value for 0."""


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


def splits_of(dump: dict[str, Any]) -> tuple[dict[int, Splits], list[list[float]]]:
    """Return the splits on each column, and the values of each tree's leaves, left to right.

    Parameters
    ----------
    dump : dict
        What ``lightgbm.Booster.dump_model`` gives.

    Raises
    ------
    ValueError
        If a tree has more leaves than there are bits.
    """
    columns: dict[int, Splits] = {}
    trees = [one["tree_structure"] for one in dump["tree_info"]]
    leaves = [_collect(tree, at, columns) for at, tree in enumerate(trees)]
    widest = max((len(one) for one in leaves), default=1)
    if widest > LEAVES:
        raise ValueError(f"a tree has {widest} leaves, more than {LEAVES}")
    return dict(sorted(columns.items())), leaves


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
        splits.values.append(_as_zero(value))
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


def _as_zero(bound: float) -> float:
    """Return the bound with which all values that LightGBM takes for 0 go where 0 goes."""
    if abs(bound) > NOTHING:
        return bound
    return NOTHING if bound >= 0.0 else float(np.nextafter(-NOTHING, -np.inf))
