"""The two filters of GF-CF over items: neighbours, and leading directions of the graph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from scipy.sparse import csr_matrix, diags_array

from ecomsql.features.interactions import Floats, Interactions
from ecomsql.models.neighbours import nearest, neighbour_matrix
from ecomsql.models.row_blocks import product_costs
from ecomsql.models.truncated_svd import right_singular_vectors


@dataclass(frozen=True, slots=True, eq=False)
class GraphFilter:
    """What GF-CF learns; ``R = D_u^-1/2 X D_i^-1/2`` is the normalised matrix.

    Attributes
    ----------
    neighbours : csr_matrix of float32, shape (n_items, n_items)
        ``R'R`` without its diagonal, cut to the largest of each row; columns ascend.
    itself : float32 array, shape (n_items,)
        The diagonal of ``R'R``.
    vectors : float32 array, shape (n_items, k)
        Leading right singular vectors of R.
    degrees : float32 array, shape (n_items,)
        Users of each item.
    """

    neighbours: csr_matrix
    itself: Floats
    vectors: Floats
    degrees: Floats

    def passed(self, profiles: csr_matrix, alpha: float) -> Floats:
        """Return ``x (R'R + alpha D_i^-1/2 V V' D_i^1/2)`` of each row x, dense."""
        found: Floats = (profiles @ self.neighbours).toarray()
        found += (profiles @ diags_array(self.itself)).toarray()
        if alpha > 0:
            root = np.sqrt(self.degrees)
            inverse = np.where(root > 0, 1 / np.maximum(root, 1), 0).astype(np.float32)
            reduced = torch.from_numpy((profiles @ diags_array(inverse)) @ self.vectors)
            spread = torch.from_numpy(self.vectors * root[:, None])
            torch.from_numpy(found).addmm_(reduced, spread.T, alpha=alpha)
        return found


def graph_filter(data: Interactions, *, factors: int, top: int, seed: int) -> GraphFilter:
    """Return the filters of `data`; its weights and times play no part.

    Parameters
    ----------
    data : Interactions
    factors : int
        Number of directions.
    top : int
        Number of neighbours kept of each item.
    seed : int
        For the random start of the singular vectors.
    """
    degrees = np.bincount(data.items, minlength=data.n_items).astype(np.float32)
    normal = data.matrix(1 / np.sqrt(data.lengths[data.users] * degrees[data.items], dtype="f4"))
    vectors, _ = right_singular_vectors(normal, factors, seed=seed)
    by_item = csr_matrix(normal.T)

    def block(start: int, stop: int) -> csr_matrix:
        return csr_matrix(by_item[start:stop] @ normal)

    costs = product_costs(by_item, normal)
    found = nearest(block, costs, top, exclude_self=True, label="neighbours")
    neighbours = neighbour_matrix(*found, data.n_items)
    neighbours.sort_indices()
    itself = np.bincount(data.items, np.square(normal.data), minlength=data.n_items)
    return GraphFilter(neighbours, itself.astype(np.float32), vectors, degrees)
