"""The features that matter most to answers, as the lists that SQL takes apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from ecomsql.models.explained import Leading

PARTS = "STRUCT(rank INTEGER, feature VARCHAR, value VARCHAR, contribution DOUBLE)[]"
"""The SQL type of the features of a row."""
FIELDS = [
    ("rank", pa.int32()),
    ("feature", pa.string()),
    ("value", pa.string()),
    ("contribution", pa.float64()),
]
KIND = pa.list_(pa.struct(FIELDS))


def part_lists(found: Leading) -> pa.ListArray:
    """Return a list for each row, of a struct for each feature."""
    n_rows, most = found.order.shape
    parts = np.take_along_axis(found.contributions, found.order, axis=1)
    fields = [
        pa.array(np.tile(np.arange(1, most + 1, dtype=np.int32), n_rows)),
        pa.array(found.features, pa.string()).take(pa.array(found.order.ravel())),
        pa.array(found.texts, pa.string()),
        pa.array(parts.ravel()),
    ]
    ends = np.arange(n_rows + 1, dtype=np.int32) * most
    structs = pa.StructArray.from_arrays(fields, fields=list(KIND.value_type))
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), structs)
