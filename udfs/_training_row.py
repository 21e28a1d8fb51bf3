"""The row that a train_ function returns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from ecomsql.storage import StoredModel, to_blob
from ecomsql.version import __version__

FIELDS = {
    "model": ("BLOB", pa.large_binary()),
    "task": ("VARCHAR", pa.string()),
    "method": ("VARCHAR", pa.string()),
    "rows": ("BIGINT", pa.int64()),
    "options": ("VARCHAR", pa.string()),
    "metrics": ("VARCHAR", pa.string()),
    "version": ("VARCHAR", pa.string()),
}
RETURNS = f"STRUCT({', '.join(f'{name} {sql}' for name, (sql, _) in FIELDS.items())})"


def training_row(
    stored: StoredModel, *, rows: int, options: Mapping[str, Any], metrics: Mapping[str, Any]
) -> pa.Array:
    """Return the single row of a trained model; `rows` is how many it learned from."""
    row = {
        "model": to_blob(stored),
        "task": stored.task,
        "method": stored.method,
        "rows": rows,
        "options": json.dumps(options),
        "metrics": json.dumps(metrics),
        "version": __version__,
    }
    return pa.array([row], pa.struct([(name, kind) for name, (_, kind) in FIELDS.items()]))
