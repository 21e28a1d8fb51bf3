"""What is known of customers, and what it adds to their expected value."""

from __future__ import annotations

import pyarrow as pa

from ecomsql.progress import checkpoint
from ecomsql.udf import udf

from ._calls import held, named
from ._open_ltv import CustomerValues
from ._part_lists import KIND, PARTS, part_lists


@udf("_ltv_parts", ("VARCHAR", "INTEGER"), PARTS, by_handle=True)
def ltv_parts(handles: pa.Array, codes: pa.Array) -> pa.Array:
    """Return what matters most to the value of each customer; all handles are the same."""
    checkpoint()
    if len(codes) == 0:
        return pa.array([], KIND)
    session: CustomerValues = held(handles[0].as_py())
    if session.model is None:
        raise AssertionError
    asked = session.options
    with named("explain"):
        found, _ = session.model.explained(
            session.rows[codes.to_numpy()], days=asked["days"], discount=asked["discount"]
        )
    return part_lists(found.leading(asked["top"]))
