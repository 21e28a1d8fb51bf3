"""What features add to the answers about users, from an open session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from ecomsql.udf import udf

from ._calls import held, named
from ._open_behaviour import Session
from ._part_lists import KIND, PARTS, part_lists

if TYPE_CHECKING:
    from ecomsql.models.explained import Explained

FIELDS = [("user", pa.int32()), ("item", pa.int32()), ("parts", KIND)]


@udf(
    "_behaviour_parts",
    ("VARCHAR",),
    f'STRUCT("user" INTEGER, item INTEGER, parts {PARTS})[]',
    by_row=True,
)
def behaviour_parts(handles: pa.Array) -> pa.Array:
    """Return the features that matter most to each answer of the session of the single handle."""
    session: Session = held(handles[0].as_py())
    request, model = session.request, session.model
    blocks: list[pa.StructArray] = []
    with named("explain"):
        if model is not None and len(request.log.frame):
            found = model.explained(request.log, request.cut)
            blocks.extend(_structs(one, session.top) for one in found)
    whole = pa.concat_arrays(blocks) if blocks else pa.array([], pa.struct(FIELDS))
    return pa.ListArray.from_arrays(pa.array([0, len(whole)], pa.int32()), whole)


def _structs(found: Explained, top: int) -> pa.StructArray:
    items = np.full(len(found.keys), None)
    if "item" in found.keys.columns:
        items = found.keys["item"].to_numpy()
    arrays = [
        pa.array(found.keys["user"].to_numpy(), pa.int32()),
        pa.array(items, pa.int32()),
        part_lists(found.leading(top)),
    ]
    return pa.StructArray.from_arrays(arrays, fields=list(pa.struct(FIELDS)))
