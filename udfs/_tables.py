"""What the UDFs over tables share: lists from SQL become rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from ecomsql.features.table import Rows


def rows_of(numbers: pa.Array, texts: pa.Array, names: Sequence[str], types: Sequence[str]) -> Rows:
    """Return rows from two lists a row, as the macro _wide makes them."""
    from ecomsql.features.table import Rows

    flat = numbers.flatten()
    values = flat.to_numpy(zero_copy_only=flat.null_count == 0)
    return Rows(
        tuple(names),
        tuple(types),
        np.asarray(values, dtype=np.float64).reshape(len(numbers), len(names)),
        texts.flatten(),
    )
