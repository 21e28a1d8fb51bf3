"""Networks over windows of series from stored arrays, of which nothing is believed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from ecomsql.errors import ModelError
from ecomsql.models.causal_attention import HEADS
from ecomsql.models.series_network import SeriesNetwork, SeriesSizes

FEWEST = 3
"""A layer has more weights than this times the square of its units."""


def network_of(
    shape: str, arrays: Mapping[str, np.ndarray], values: Mapping[str, Any]
) -> SeriesNetwork:
    """Build a network of stored weights; raise ModelError where they do not fit its sizes.

    Parameters
    ----------
    shape : {'lstm', 'gru', 'attention'}
    arrays : mapping of str to float32 array
        The weights by name.
    values : mapping
        ``sizes`` as :meth:`SeriesSizes.json` gives them.
    """
    try:
        sizes = SeriesSizes(**values["sizes"])
        _check(sizes, shape, arrays)
        network = SeriesNetwork(sizes, dropout=0.0, generator=torch.Generator().manual_seed(0))
        network.load_state_dict(
            {name: torch.from_numpy(np.array(one)) for name, one in arrays.items()}
        )
    except (KeyError, TypeError, ValueError, IndexError, RuntimeError) as error:
        raise ModelError(f"the {shape} model does not fit together: {error}") from error
    return network.eval()


def _check(sizes: SeriesSizes, shape: str, arrays: Mapping[str, np.ndarray]) -> None:
    """Look at sizes before anything of these sizes is built."""
    numbers = (sizes.patch, sizes.patches, sizes.horizon, sizes.units, sizes.layers)
    whole = all(type(one) is int and one > 0 for one in numbers)
    if not whole or sizes.shape != shape or sizes.units % HEADS:
        raise ModelError(f"the {shape} model has sizes that none has")
    fits = (
        arrays["patch.weight"].shape == (sizes.units, 2 * sizes.patch)
        and arrays["line.weight"].shape == (sizes.horizon, sizes.width)
        and arrays["out.weight"].shape == (sizes.horizon, sizes.units)
        and sum(one.size for one in arrays.values()) > FEWEST * sizes.units**2 * sizes.layers
        and all(one.dtype == np.float32 and np.isfinite(one).all() for one in arrays.values())
    )
    if not fits:
        raise ModelError(f"the weights of the {shape} model do not fit its size")
