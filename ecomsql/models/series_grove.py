"""Trees that answer with one number, kept as arrays.

LightGBM ends the process on text that is damaged, so that none of it is read from what was stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Self

import lightgbm
import numpy as np

from ecomsql.errors import ModelError
from ecomsql.models.series_batch import Longs, Matrix
from ecomsql.models.tree_scorer import TreeScorer
from ecomsql.models.tree_splits import LEAVES

LEAF = -1


class Grove:
    """Trees of at most 64 leaves, node by node: each before its left branch, that before the right.

    Parameters
    ----------
    features : int64 array, shape (n_nodes,)
        Input that a node splits on; -1 for a leaf.
    values : float64 array, shape (n_nodes,)
        Up to which value a row goes left; what a leaf answers.
    missing : bool array, shape (n_nodes,)
        Whether a row without the value goes left.
    """

    def __init__(self, features: Longs, values: Matrix, missing: np.ndarray) -> None:
        self.features = features
        self.values = values
        self.missing = missing

    @classmethod
    def of(cls, booster: lightgbm.Booster | None) -> Self:
        """Take the trees of a booster; none: the answer is 0."""
        trees = booster.dump_model()["tree_info"] if booster else []
        nodes = [one for tree in trees for one in _flat(tree["tree_structure"])]
        features, values, missing = zip(*nodes, strict=True) if nodes else ((), (), ())
        return cls(
            np.array(features, dtype=np.int64),
            np.array(values, dtype=np.float64),
            np.array(missing, dtype=np.bool_),
        )

    def __call__(self, told: Matrix) -> Matrix:
        """Return the answers to rows, shape (n,)."""
        return self._scorer(told)[:, 0]

    @cached_property
    def _scorer(self) -> TreeScorer:
        at, trees = 0, []
        nodes = (self.features.tolist(), self.values.tolist(), self.missing.tolist())
        while at < len(self.features):
            tree, at = _nested(*nodes, at)
            trees.append({"tree_structure": tree})
        return TreeScorer({"tree_info": trees, "num_tree_per_iteration": 1})

    @property
    def nbytes(self) -> int:
        """Memory that the trees take, with what scores them fast, in bytes, about."""
        return 200 * len(self.features)

    def state(self) -> dict[str, np.ndarray]:
        """Return the arrays from which :meth:`from_state` restores the trees."""
        return {"features": self.features, "values": self.values, "missing": self.missing}

    @classmethod
    def from_state(cls, arrays: Mapping[str, np.ndarray], inputs: int) -> Self:
        """Restore trees over `inputs` numbers; raise ModelError for what are none."""
        try:
            found = cls(*(arrays[name] for name in ("features", "values", "missing")))
        except KeyError as error:
            raise ModelError(f"the model lacks {error}") from error
        shape = found.features.shape
        sound = (
            found.features.dtype == np.int64
            and found.values.dtype == np.float64
            and found.missing.dtype == np.bool_
            and len(shape) == 1
            and found.values.shape == found.missing.shape == shape
            and bool(np.isfinite(found.values).all())
            and bool(((found.features >= LEAF) & (found.features < inputs)).all())
            and _are_trees(found.features)
        )
        if not sound:
            raise ModelError("the trees of the model are damaged")
        return found


def _flat(node: dict[str, Any]) -> Iterator[tuple[int, float, bool]]:
    """Yield a node and what is below it; where no value was missing in training, it counts as 0."""
    if "split_feature" not in node:
        yield LEAF, node["leaf_value"], False
        return
    value, none = node["threshold"], node["missing_type"] == "None"
    yield node["split_feature"], value, value >= 0.0 if none else node["default_left"]
    yield from _flat(node["left_child"])
    yield from _flat(node["right_child"])


def _nested(
    features: list[int], values: list[float], missing: list[bool], at: int
) -> tuple[dict[str, Any], int]:
    """Return the node at a place with what is below it, and the place after."""
    if features[at] == LEAF:
        return {"leaf_value": values[at]}, at + 1
    left, middle = _nested(features, values, missing, at + 1)
    right, end = _nested(features, values, missing, middle)
    node = {
        "split_feature": features[at],
        "threshold": values[at],
        "decision_type": "<=",
        "missing_type": "NaN",
        "default_left": missing[at],
        "left_child": left,
        "right_child": right,
    }
    return node, end


def _are_trees(features: Longs) -> bool:
    """Return whether the nodes are whole trees, of which none is too large."""
    # A split opens one more branch than it ends, a leaf ends one; a tree has ended at none.
    opened = np.cumsum(np.where(features == LEAF, -1, 1))
    ends = np.flatnonzero(opened == np.minimum.accumulate(np.append(0, opened))[:-1] - 1)
    if len(features) == 0:
        return True
    sizes = np.diff(ends, prepend=-1)
    return bool(len(ends)) and ends[-1] == len(features) - 1 and bool((sizes < 2 * LEAVES).all())
