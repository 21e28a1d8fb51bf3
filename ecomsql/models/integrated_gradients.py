"""What each input of a network adds to its output."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray

from ecomsql.models.dense_network import DenseNetwork

STEPS = 24
"""Points on the way from the average input to a row's."""


def integrated_gradients(
    network: DenseNetwork, dense: torch.Tensor, codes: torch.Tensor
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the contributions of the inputs of rows, which add up to the outputs.

    The gradient is averaged over the straight way from where nothing is known (numbers at their
    mean of 0, embeddings at the mean of all codes) to the row's inputs, and multiplied by that way
    (Sundararajan, Taly, Yan: Axiomatic attribution for deep networks, 2017). What the sum over
    the points misses of the output is shared out in proportion.

    Returns
    -------
    dense : float64 array, shape (n_rows, outputs, n_dense)
    codes : float64 array, shape (n_rows, outputs, n_codes)
    base : float64 array, shape (outputs,)
        The output where nothing is known.
    """
    sizes = network.sizes
    with torch.no_grad():
        joined = torch.cat([dense, network.embedded(codes)], dim=1)
        means = [table.mean(0) for table in network.embeddings]
        start = torch.cat([torch.zeros(sizes.dense), *means])
        base = network.layers(start.unsqueeze(0))[0].double().numpy()
        outputs = network.layers(joined).double().numpy()
    way = joined - start
    gradients = torch.zeros(sizes.outputs, *joined.shape)
    points, shares = np.polynomial.legendre.leggauss(STEPS)
    for point, share in zip((points + 1.0) / 2.0, shares / 2.0, strict=True):
        at = (start + float(point) * way).requires_grad_()
        sums = network.layers(at).sum(0)
        for output in range(sizes.outputs):
            (slope,) = torch.autograd.grad(sums[output], at, retain_graph=True)
            gradients[output] += float(share) * slope
    parts = (gradients * way).double().numpy().transpose(1, 0, 2)
    parts = completed(parts, outputs - base)
    widths = np.cumsum([0, *sizes.widths]) + sizes.dense
    grouped = [parts[:, :, a:b].sum(axis=2) for a, b in pairwise(widths)]
    shape = (len(parts), sizes.outputs, 0)
    by_code = np.stack(grouped, axis=2) if grouped else np.zeros(shape)
    return parts[:, :, : sizes.dense], by_code, base


def completed(parts: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Make the parts on the last axis add up to `wanted`: what is missing is shared out by size."""
    rest = wanted - parts.sum(axis=-1)
    size = np.abs(parts) + 1e-12
    whole: NDArray[np.float64] = parts + size * (rest / size.sum(axis=-1))[..., None]
    return whole
