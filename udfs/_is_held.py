"""Says which stored models are in the cache already, by their first bytes."""

from __future__ import annotations

import pyarrow as pa

from ecomsql.cache import CACHE
from ecomsql.udf import udf

from ._calls import model_key


@udf("_is_held", ("VARCHAR", "BLOB", "BIGINT"), "BOOLEAN")
def is_held(kinds: pa.Array, heads: pa.Array, sizes: pa.Array) -> pa.Array:
    """Return whether the rest of each model's bytes is not needed."""
    keys = [
        model_key(kind.as_py(), head, size)
        for kind, head, size in zip(kinds, heads, sizes, strict=True)
    ]
    return pa.array([key is not None and CACHE.get(key) is not None for key in keys], pa.bool_())
