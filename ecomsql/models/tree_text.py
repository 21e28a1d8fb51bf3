"""Checks LightGBM's text of trees before LightGBM reads it, which ends the process when damaged."""

from __future__ import annotations

import re

import numpy as np

from ecomsql.errors import ModelError

HEADER = (
    "version",
    "num_class",
    "num_tree_per_iteration",
    "label_index",
    "max_feature_idx",
    "objective",
    "feature_names",
    "feature_infos",
    "tree_sizes",
)
OPTIONAL = ("average_output", "monotone_constraints")
OBJECTIVES = re.compile(r"regression|binary sigmoid:1|multiclass num_class:\d{1,4}")
INFO = re.compile(r"none|\[[-+.\deinfINF]+:[-+.\deinfINF]+\]|-?\d+(:-?\d+)*")
INTERNAL = {
    "split_feature": np.int64,
    "split_gain": np.float64,
    "threshold": np.float64,
    "decision_type": np.int64,
    "left_child": np.int64,
    "right_child": np.int64,
    "internal_value": np.float64,
    "internal_weight": np.float64,
    "internal_count": np.int64,
}
LEAVES = {"leaf_value": np.float64, "leaf_weight": np.float64, "leaf_count": np.int64}
END = "end of trees\n"
MOST = 100_000
"""Leaves of a tree, columns, and trees: no model of ours has more."""


def checked_trees(text: str) -> str:
    """Return the part of the text that holds the trees, once it is known to be sound.

    Every number is one, every list as long as it should be, every node is reached once, and every
    split is on a column that there is.

    Raises
    ------
    ModelError
        If anything is otherwise.
    """
    try:
        return _checked(text)
    except (ValueError, KeyError, IndexError, OverflowError) as error:
        raise ModelError("the trees of the model are damaged") from error


def _checked(text: str) -> str:
    head, *rest = text[: text.index(END)].split("Tree=")
    header = _header(head)
    blocks = ["Tree=" + one for one in rest]
    sizes = [int(one) for one in header["tree_sizes"].split()]
    _must(sizes == [len(one.encode()) for one in blocks])
    columns = int(header["max_feature_idx"]) + 1
    per_round, classes = int(header["num_tree_per_iteration"]), int(header["num_class"])
    _must(0 < columns <= MOST and len(blocks) <= MOST)
    _must(per_round == classes and 1 <= classes <= MOST and len(blocks) % per_round == 0)
    _must(header["version"] == "v4" and header["label_index"] == "0")
    _must(OBJECTIVES.fullmatch(header["objective"]) is not None)
    told = re.fullmatch(r"multiclass num_class:(\d+)", header["objective"])
    _must(classes == (int(told[1]) if told else 1))
    infos = header["feature_infos"].split(" ")
    _must(len(header["feature_names"].split(" ")) == columns == len(infos))
    _must(all(INFO.fullmatch(one) for one in infos))
    for at, block in enumerate(blocks):
        _check_tree(block, at, columns)
    return head + "".join(blocks) + END


def _header(head: str) -> dict[str, str]:
    lines = head.rstrip("\n").split("\n")
    _must(lines[0] == "tree")
    pairs = [line.partition("=") for line in lines[1:]]
    found = {key: value for key, _, value in pairs}
    _must(len(found) == len(pairs) and set(found) <= {*HEADER, *OPTIONAL})
    _must(not set(OPTIONAL) & set(found) and set(HEADER) == set(found))
    return found


def _check_tree(block: str, at: int, columns: int) -> None:
    pairs = [line.partition("=") for line in block.split("\n") if line]
    found = {key: value for key, _, value in pairs}
    _must(len(found) == len(pairs) and found["Tree"] == str(at) and found["is_linear"] == "0")
    _must(np.isfinite(float(found["shrinkage"])))
    n, n_cat = int(found["num_leaves"]), int(found["num_cat"])
    _must(1 <= n <= MOST and 0 <= n_cat < n)
    names = {"Tree", "is_linear", "shrinkage", "num_leaves", "num_cat", "leaf_value"}
    if n == 1:
        _numbers(found["leaf_value"], np.float64, 1)
        _must(all(not found[key] or float(found[key]) >= 0 for key in set(found) - names))
        return
    inner = {name: _numbers(found[name], kind, n - 1) for name, kind in INTERNAL.items()}
    for name, kind in LEAVES.items():
        _numbers(found[name], kind, n)
    categories = {"cat_boundaries", "cat_threshold"} if n_cat else set()
    _must(set(found) == names | set(INTERNAL) | set(LEAVES) | categories)
    _must(((inner["split_feature"] >= 0) & (inner["split_feature"] < columns)).all())
    _must(((inner["decision_type"] >= 0) & (inner["decision_type"] < 16)).all())
    _check_shape(inner["left_child"], inner["right_child"], n)
    _check_categories(found, inner, n_cat)


def _check_shape(left: np.ndarray, right: np.ndarray, n: int) -> None:
    """Every node but the first, and every leaf, hangs once below a node before it."""
    children = np.concatenate([left, right])
    _must((np.sort(children) == np.concatenate([np.arange(-n, 0), np.arange(1, n - 1)])).all())
    parents = np.tile(np.arange(n - 1), 2)
    _must((children[children >= 0] > parents[children >= 0]).all())


def _check_categories(found: dict[str, str], inner: dict[str, np.ndarray], n_cat: int) -> None:
    is_category = inner["decision_type"] % 2 == 1
    places = inner["threshold"][is_category]
    _must(((places >= 0) & (places < n_cat) & (places == np.floor(places))).all())
    if not n_cat:
        return
    ends = _numbers(found["cat_boundaries"], np.int64, n_cat + 1)
    _must(ends[0] == 0 and (np.diff(ends) > 0).all() and ends[-1] <= MOST)
    bits = _numbers(found["cat_threshold"], np.int64, int(ends[-1]))
    _must(((bits >= 0) & (bits < 2**32)).all())


def _numbers(text: str, kind: type, count: int) -> np.ndarray:
    found = np.array([kind(one) for one in text.split(" ")])
    _must(len(found) == count and not np.isnan(found).any())
    return found


def _must(holds: bool | np.bool_) -> None:
    if not holds:
        raise ValueError
