"""Answers from an open session, batch by batch."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pyarrow as pa

from ecomsql.features.interactions import Floats, Ints
from ecomsql.progress import checkpoint
from ecomsql.udf import udf

from ._calls import held

RETURNS = "STRUCT(code INTEGER, rank INTEGER, score DOUBLE)[]"


class Session(Protocol):
    """What :func:`ranked` asks of an open session."""

    def lists(self, codes: Ints) -> tuple[Ints, Floats]:
        """Return codes (-1: none) and scores, best first, a row for each of `codes`."""


@udf("_ranked", ("VARCHAR", "INTEGER"), RETURNS, by_handle=True)
def ranked(handles: pa.Array, codes: pa.Array) -> pa.Array:
    """Return the list of each code, from the session of the (one) handle."""
    checkpoint()
    if len(codes) == 0:
        return hits(np.zeros((0, 0), np.int32), np.zeros((0, 0), np.float32), "code")
    session: Session = held(handles[0].as_py())
    found = session.lists(codes.to_numpy(zero_copy_only=False).astype(np.int32))
    return hits(*found, "code")


def hits(codes: Ints, scores: Floats, name: str, things: pa.Array | None = None) -> pa.Array:
    """Return lists of structs: what was found (a code, or that of `things`), rank and score.

    Parameters
    ----------
    codes, scores : arrays, shape (n_rows, k)
        Best first; a code of -1 is none.
    name : str
        Of the field of what was found.
    """
    there = codes >= 0
    ends = np.cumsum(there.sum(axis=1), dtype=np.int32)
    ranks = np.broadcast_to(np.arange(1, codes.shape[1] + 1, dtype=np.int32), codes.shape)
    found = pa.array(codes[there])
    fields = [
        found if things is None else things.take(found),
        pa.array(ranks[there]),
        pa.array(scores[there].astype(np.float64)),
    ]
    rows = pa.StructArray.from_arrays(fields, [name, "rank", "score"])
    return pa.ListArray.from_arrays(np.concatenate([[0], ends]).astype(np.int32), rows)
