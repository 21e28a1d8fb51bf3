"""Rows of a result as the arrays of the panels that are drawn; the rest is counted, not kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ecomsql import progress
from ecomsql.errors import DataError
from ecomsql.plots.panels import Numbers
from ecomsql.plots.types import is_number, is_text

BATCH = 100_000
"""Rows looked through at once."""

MOST_ROWS = 1_000_000
"""Rows of one picture."""

LARGEST = "1e300"
"""Larger values are drawn as gaps, like infinite ones: an axis around them would overflow."""

FIRST_DAY, LAST_DAY = -354_285.0, 2_202_778.0
"""Of the years 1000 to 8000, in days since 1970."""

Key = tuple[str | None, ...]
Rows = NDArray[np.float64]
"""Of shape (1 + values, rows); the first row is x."""


@dataclass
class Series:
    """Rows of the series that are drawn.

    Parameters
    ----------
    wanted : callable
        Says of a key that comes up whether it is drawn.
    """

    wanted: Callable[[Key], bool]
    places: dict[Key, int] = field(default_factory=dict)
    left_out: set[Key] = field(default_factory=set)
    _parts: list[tuple[NDArray[np.int64], Rows]] = field(default_factory=list)
    _rows: int = 0

    def read(self, relation: duckdb.DuckDBPyRelation, keys: int) -> None:
        """Run a relation of `keys` columns of text, then x, then values."""
        for batch in relation.to_arrow_reader(BATCH):
            progress.checkpoint()
            if batch.num_rows:
                self._add(batch, keys)

    def arrays(self) -> dict[Key, Rows]:
        """Return the rows of each key, x ascending."""
        if not self._parts:
            return {}
        codes = np.concatenate([codes for codes, _ in self._parts])
        rows = np.concatenate([rows for _, rows in self._parts], axis=1)
        order = np.lexsort((rows[0], codes))
        codes, rows = codes[order], rows[:, order]
        ends = np.searchsorted(codes, np.arange(len(self.places) + 1))
        return {key: rows[:, ends[at] : ends[at + 1]] for key, at in self.places.items()}

    def _add(self, batch: pa.RecordBatch, keys: int) -> None:
        codes = self._codes([batch.column(i) for i in range(keys)], batch.num_rows)
        rows = np.stack(
            [
                batch.column(i).to_numpy(zero_copy_only=False).astype(np.float64)
                for i in range(keys, batch.num_columns)
            ]
        )
        kept = (codes >= 0) & np.isfinite(rows[0])
        self._rows += int(kept.sum())
        if self._rows > MOST_ROWS:
            raise DataError(
                f"a picture holds at most {MOST_ROWS:,} rows; take fewer series, a shorter time,"
                " or a mean an hour, day or week"
            )
        self._parts.append((codes[kept], rows[:, kept]))

    def _codes(self, columns: Sequence[pa.Array], rows: int) -> NDArray[np.int64]:
        """Return the place of the series of each row, -1 where it is not drawn."""
        if not columns:
            return np.full(rows, self._place(()), dtype=np.int64)
        coded = [column.dictionary_encode() for column in columns]
        numbers = [np.asarray(one.indices.fill_null(-1)).astype(np.int64) for one in coded]
        kinds, first, which = np.unique(
            np.stack(numbers), axis=1, return_index=True, return_inverse=True
        )
        names = [one.dictionary.to_pylist() for one in coded]
        places = np.empty(kinds.shape[1], dtype=np.int64)
        for at in np.argsort(first):
            parts = zip(names, kinds[:, at], strict=True)
            places[at] = self._place(
                tuple(name[code] if code >= 0 else None for name, code in parts)
            )
        return places[which.ravel()]

    def _place(self, key: Key) -> int:
        if key in self.places:
            return self.places[key]
        if key in self.left_out or not self.wanted(key):
            self.left_out.add(key)
            return -1
        return self.places.setdefault(key, len(self.places))


def text(at: int) -> str:
    """Return the SQL of column `at` as text."""
    return f"CAST(#{at + 1} AS VARCHAR)"


def number(at: int) -> str:
    """Return the SQL of column `at` as a DOUBLE, NULL where there is nothing to draw."""
    value = f"CAST(#{at + 1} AS DOUBLE)"
    return f"CASE WHEN abs({value}) <= {LARGEST} THEN {value} END"


def place(at: int, kind: str) -> str:
    """Return the SQL of where column `at` is along the axis: days since 1970, or a number."""
    if is_number(kind):
        return number(at)
    column = f"#{at + 1}"
    time = column if kind == "DATE" else f"CAST({column} AS TIMESTAMP)"
    if is_text(kind):
        time = f"TRY_CAST({column} AS TIMESTAMP)"
    return f"CASE WHEN isfinite({time}) THEN epoch({time}) / 86400 END"


def projected(relation: duckdb.DuckDBPyRelation, columns: Sequence[str]) -> duckdb.DuckDBPyRelation:
    """Return a relation with these expressions as columns."""
    return relation.project(", ".join(f"{sql} AS c{i}" for i, sql in enumerate(columns)))


def check_calendar(x: Numbers, name: str) -> None:
    """Raise DataError where times are too far away for a calendar."""
    if len(x) and not (x.min() >= FIRST_DAY and x.max() <= LAST_DAY):
        raise DataError(f"'{name}' holds times outside the years 1000 to 8000, which are not drawn")
