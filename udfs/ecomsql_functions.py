"""The catalogue of functions as rows."""

from __future__ import annotations

import pyarrow as pa

from ecomsql import catalogue
from ecomsql.udf import udf

FIELDS = ("name", "kind", "signature", "summary", "example")
RETURNS = f"STRUCT({', '.join(f'{name} VARCHAR' for name in FIELDS)})[]"


@udf("_catalogue", ("VARCHAR",), RETURNS)
def functions(scopes: pa.Array) -> pa.Array:
    """Return the list of public functions, for each row."""
    found = [
        {name: getattr(function, name) for name in FIELDS} for function in catalogue.functions()
    ]
    kind = pa.list_(pa.struct([(name, pa.string()) for name in FIELDS]))
    return pa.array([found] * len(scopes), kind)
