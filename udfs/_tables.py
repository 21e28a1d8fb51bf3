"""What the UDFs over tables share: columns from SQL become rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from ecomsql.features.table import Rows


def rows_of(columns: Sequence[pa.Array], names: Sequence[str], types: Sequence[str]) -> Rows:
    """Return rows from the columns of a relation, each in its own type."""
    from ecomsql.features.table import Rows

    return Rows(tuple(names), tuple(types), tuple(columns))


def rows_of_lists(
    numbers: pa.Array, texts: pa.Array, names: Sequence[str], types: Sequence[str]
) -> Rows:
    """Return rows from two lists a row, as the macro _wide makes them."""
    from ecomsql.features.table import Rows, kind_of

    flat = numbers.flatten()
    values = flat.to_numpy(zero_copy_only=flat.null_count == 0)
    by_column = np.asarray(values, dtype=np.float64).reshape(len(numbers), len(names)).T
    written = texts.flatten()
    columns = [
        written.take(pa.array(np.arange(at, len(written), len(names))))
        if kind_of(kind) == "category"
        else by_column[at]
        for at, kind in enumerate(types)
    ]
    return Rows(tuple(names), tuple(types), tuple(columns))
