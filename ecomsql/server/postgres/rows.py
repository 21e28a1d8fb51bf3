"""Rows of Arrow columns as messages of the protocol, a batch at a time.

Each message is joined from its header, its lengths and its values by one Arrow kernel over all
rows, so that no row is touched in Python.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ecomsql.server.postgres.binary_values import fixed

_EMPTY = pa.scalar(b"", pa.large_binary())


def data_rows(columns: Sequence[pa.Array], count: int, *, kind: bytes = b"D") -> memoryview:
    """Return the DataRow messages of a batch; those of a binary COPY differ in their letter.

    Parameters
    ----------
    columns : sequence of LargeBinaryArray of shape (count,)
        The values, encoded; NULL is NULL.
    count : int
        Number of rows.
    kind : bytes
        ``D``, or ``d`` for COPY.
    """
    lengths = [_lengths(column) for column in columns]
    sizes = np.full(count, 6 + 4 * len(columns), dtype=np.int64)
    for one in lengths:
        sizes += np.maximum(one, 0)
    if count and sizes.max() > np.iinfo(np.int32).max:
        raise OverflowError("a row is larger than the protocol's 2 GiB")
    head = np.zeros(count, dtype=[("kind", "S1"), ("size", ">i4"), ("columns", ">i2")])
    head["kind"], head["size"], head["columns"] = kind, sizes, len(columns)
    parts = [fixed(head, None)]
    for column, one in zip(columns, lengths, strict=True):
        parts += [
            fixed(one.astype(">i4"), None),
            column.fill_null(b"") if column.null_count else column,
        ]
    return _joined(parts)


def copy_lines(lines: pa.Array) -> memoryview:
    """Return the CopyData messages of lines that have their line ends."""
    head = np.zeros(len(lines), dtype=[("kind", "S1"), ("size", ">i4")])
    head["kind"], head["size"] = b"d", _lengths(lines) + 4
    return _joined([fixed(head, None), lines])


def _lengths(column: pa.Array) -> np.ndarray:
    lengths = pc.binary_length(column)
    return np.asarray(lengths.fill_null(-1))


def _joined(parts: list[pa.Array]) -> memoryview:
    whole = pc.binary_join_element_wise(*parts, _EMPTY)
    if not len(whole):
        return memoryview(b"")
    offsets = np.frombuffer(whole.buffers()[1], dtype=np.int64)[whole.offset :]
    data = memoryview(whole.buffers()[2])
    return data[offsets[0] : offsets[len(whole)]]
