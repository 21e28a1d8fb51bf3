"""What the UDFs over tables share: columns from SQL become rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from ecomsql.features.table import Rows


def rows_of(columns: Sequence[pa.Array], names: Sequence[str], types: Sequence[str]) -> Rows:
    """Return rows from the columns of a relation, each in its own type."""
    from ecomsql.features.table import Rows

    return Rows(tuple(names), tuple(types), tuple(columns))
