"""Finds near copies among all reviews at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from ecomsql import options, roles
from ecomsql.errors import OptionError
from ecomsql.progress import track
from ecomsql.udf import udf

COPIES = "STRUCT(place BIGINT, original BIGINT, similarity DOUBLE)[]"
LOWEST = 0.5
"""Threshold; below, everything would have to be compared with everything."""
LONGEST = 10
"""Words of a shingle, at most."""
TEXTS = 50_000
"""Texts that are taken from Arrow at once."""


def check(call: dict[str, Any]) -> dict[str, Any]:
    """Return the checked options; raise ColumnError or OptionError for a wrong call."""
    names = {"id_col": call["id_col"], "text_col": call["text_col"]}
    optional = {"time_col": (call["time_col"], "ts")}
    roles.resolve(call["columns"] or [], required=names, optional=optional)
    size = options.whole("shingle", call["shingle"], at_least=1)
    if size > LONGEST:
        raise OptionError(f"shingle := {size} is too large; take 1 to {LONGEST}")
    return {
        "threshold": options.number("threshold", call["threshold"], low=LOWEST, high=1.0),
        "min_words": options.whole("min_words", call["min_words"], at_least=1),
        "size": size,
    }


@udf("_copies_of", ("VARCHAR[]", "VARCHAR"), COPIES)
def copies_of(texts: pa.ListArray, documents: pa.Array) -> pa.Array:
    """Return the copies among the texts of the single row, by place; places count from 0."""
    from ecomsql.features.shingles import shingles_of
    from ecomsql.models.near_duplicates import near_duplicates

    asked = json.loads(documents[0].as_py())
    pieces = _pieces(texts.flatten())
    shingles = shingles_of(pieces, size=asked["size"], min_words=asked["min_words"])
    found = near_duplicates(shingles, asked["threshold"])
    columns = {
        "place": pa.array(found.texts),
        "original": pa.array(found.originals),
        "similarity": pa.array(found.similarities),
    }
    structs = pa.StructArray.from_arrays(list(columns.values()), list(columns))
    return pa.ListArray.from_arrays(pa.array([0, len(structs)], pa.int32()), structs)


def _pieces(texts: pa.Array) -> Iterator[list[str]]:
    for start in track(range(0, len(texts), TEXTS), "shingles"):
        yield texts.slice(start, TEXTS).to_pylist()
