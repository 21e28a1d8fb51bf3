"""What a statement answers: a tag, and perhaps rows, encoded a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb
import pyarrow as pa
from duckdb.sqltypes import DuckDBPyType

from ecomsql.server.postgres import copy_out
from ecomsql.server.postgres.binary_values import as_bytes
from ecomsql.server.postgres.errors import PostgresError
from ecomsql.server.postgres.messages import BINARY, Column, message
from ecomsql.server.postgres.rows import copy_lines, data_rows
from ecomsql.server.postgres.types import TEXT, typmod
from ecomsql.server.postgres.writers import writer

BATCH = 2048
"""Rows that DuckDB hands over at once."""

MOST_HELD = 256 << 20
"""Bytes of rows that one session may have held in memory for one cursor."""

CHUNK = 256 << 10
"""Bytes of messages that are made before they are sent."""


class Answer:
    """An answer without rows: its tag."""

    columns: Sequence[Column] | None = None
    kinds: Sequence[DuckDBPyType] = ()
    """DuckDB's types of the columns of a query."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.rows = 0
        """How many rows have been taken."""
        self.query: str | None = None
        """The text of the query that this answers, where the next answer can profit from it."""

    def open(self, formats: Sequence[int]) -> None:
        """Begin; `formats` are those of the columns."""

    def take(self, most: int | None) -> tuple[list[memoryview], int, bool]:
        """Return messages of some more rows, at most `most`; their number; whether more follow."""
        return [], 0, False

    def keep(self) -> None:
        """Take what is left out of DuckDB, which is to run something else."""

    def close(self) -> None:
        """Let go of what is left."""

    @property
    def is_reading(self) -> bool:
        """Whether DuckDB may still work on rows that are left."""
        return False

    @property
    def behind(self) -> Answer | None:
        """What stays open when this is closed."""
        return None


class Rows(Answer):
    """Rows that were taken from a source of batches.

    Subclasses say in `_batches` where from.
    """

    columns: Sequence[Column]

    def __init__(self, tag: str, columns: Sequence[Column]) -> None:
        super().__init__(tag)
        self.columns = columns
        self._source: Iterator[tuple[list[pa.Array], int]] | None = None
        self._rest: tuple[list[pa.Array], int] | None = None
        self._enough = 1
        self._is_lost = False

    def take(self, most: int | None) -> tuple[list[memoryview], int, bool]:
        """Return messages of some more rows; blocking, up to :data:`CHUNK` bytes at once."""
        if self._is_lost:
            raise PostgresError("24000", "the rows that were left were lost in an error before")
        messages: list[memoryview] = []
        rows = size = 0
        # The first rows go out as soon as they are there.
        enough, self._enough = self._enough, CHUNK
        while size < enough and (most is None or rows < most):
            batch = self._next()
            if batch is None:
                return messages, rows, False
            arrays, count = self._cut(batch, None if most is None else most - rows)
            messages.append(self._encoded(arrays, count))
            rows += count
            size += messages[-1].nbytes
        return messages, rows, True

    def keep(self) -> None:
        """Hold the rows that are left in memory.

        Raises
        ------
        PostgresError
            They are too many.
        """
        if self._source is None:
            return
        try:
            self._source = iter(_held(self._source))
        except BaseException:
            self._source, self._is_lost = None, True
            raise

    def close(self) -> None:
        """Forget the rows that are left."""
        self._source, self._rest = None, None

    def _encoded(self, arrays: list[pa.Array], count: int) -> memoryview:
        return data_rows(arrays, count)

    def _next(self) -> tuple[list[pa.Array], int] | None:
        if self._rest is not None:
            batch, self._rest = self._rest, None
            return batch
        found = next(self._source, None) if self._source is not None else None
        if found is None:
            self._source = None
        return found

    def _cut(
        self, batch: tuple[list[pa.Array], int], most: int | None
    ) -> tuple[list[pa.Array], int]:
        arrays, count = batch
        if most is None or count <= most:
            return batch
        self._rest = [array.slice(most) for array in arrays], count - most
        return [array.slice(0, most) for array in arrays], most


def _held(source: Iterator[tuple[list[pa.Array], int]]) -> list[tuple[list[pa.Array], int]]:
    held: list[tuple[list[pa.Array], int]] = []
    size = 0
    for arrays, count in source:
        size += sum(array.nbytes for array in arrays)
        if size > MOST_HELD:
            held.clear()
            raise too_many()
        held.append((arrays, count))
    return held


def too_many() -> PostgresError:
    """Return the error of rows that another command does not let stay in DuckDB."""
    return PostgresError(
        "53200",
        "the rows of an open cursor are too many to be held in memory",
        hint="Fetch them all, or close the cursor, before the next command.",
    )


class Result(Rows):
    """The rows of a relation of DuckDB, which runs when it is opened.

    Parameters
    ----------
    verb : str
        The statement's first word, for the tag.
    relation : DuckDBPyRelation
        What to run.
    is_catalogue : bool
        Whether the query asks PostgreSQL's catalogue, where lists of numbers are lists of oids.
    """

    def __init__(
        self, verb: str, relation: duckdb.DuckDBPyRelation, *, is_catalogue: bool = False
    ) -> None:
        names, kinds = relation.columns, relation.types
        self.kinds = kinds
        self._writers = [writer(kind, is_catalogue=is_catalogue) for kind in kinds]
        super().__init__(
            verb,
            [
                Column(name, one.type, typmod(kind))
                for name, one, kind in zip(names, self._writers, kinds, strict=True)
            ],
        )
        self._relation: duckdb.DuckDBPyRelation | None = relation
        self._reader: pa.RecordBatchReader | None = None

    def open(self, formats: Sequence[int]) -> None:
        """Run the query. Values are put into their formats by DuckDB as far as it can."""
        if self._relation is None or self._reader is not None:
            return
        chosen = list(zip(self._writers, formats, strict=True))
        columns = ", ".join(
            f"{one.sql(form, f'#{at}')} AS c{at}" for at, (one, form) in enumerate(chosen, start=1)
        )
        encoders = [one.binary if form == BINARY else as_bytes for one, form in chosen]
        self._reader = self._relation.project(columns).to_arrow_reader(BATCH)
        self._source = (
            ([encode(one) for encode, one in zip(encoders, batch.columns, strict=True)], len(batch))
            for batch in self._reader
            if len(batch)
        )

    @property
    def is_reading(self) -> bool:
        """Whether DuckDB may still work on rows that are left."""
        return self._reader is not None and self._source is not None

    def texts(self) -> list[str]:
        """Return the last column of all rows."""
        assert self._relation is not None
        return [str(row[-1]) for row in self._relation.fetchall()]

    def keep(self) -> None:
        """Hold the rows that are left in memory, and free the connection."""
        if self._reader is not None:
            try:
                super().keep()
            finally:
                self._let_go()

    def close(self) -> None:
        """Free the connection; the rows that are left are not read."""
        super().close()
        self._let_go()

    def _let_go(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader = self._relation = None


class Fetched(Rows):
    """Some rows of a cursor, which stays open."""

    def __init__(self, cursor: Rows, most: int | None) -> None:
        super().__init__("FETCH", cursor.columns)
        self._cursor, self._left = cursor, most

    def open(self, formats: Sequence[int]) -> None:
        """Begin; the first FETCH says in which formats all of them are."""
        self._cursor.open(formats)

    def take(self, most: int | None) -> tuple[list[memoryview], int, bool]:
        """Return messages of some more rows."""
        wanted = min((one for one in (most, self._left) if one is not None), default=None)
        messages, rows, more = self._cursor.take(wanted)
        if self._left is not None:
            self._left -= rows
        return messages, rows, more and self._left != 0

    def keep(self) -> None:
        """Hold the rows that are left in memory."""
        self._cursor.keep()

    def close(self) -> None:
        """Leave the cursor as it is."""

    @property
    def behind(self) -> Answer | None:
        """The cursor."""
        return self._cursor


class Copied(Result):
    """Lines for COPY ... TO STDOUT: text from a relation of one column."""

    head, tail = b"", b""

    @property
    def end(self) -> bytes:
        """What ends the file."""
        return self.tail

    def _encoded(self, arrays: list[pa.Array], count: int) -> memoryview:
        return copy_lines(arrays[0])


class BinaryCopied(Copied):
    """Rows in the binary format of COPY; what begins the file comes with the first of them."""

    tail = b"\xff\xff"
    _begin = b"PGCOPY\n\xff\r\n\0" + bytes(8)

    def _encoded(self, arrays: list[pa.Array], count: int) -> memoryview:
        if not self._begin:
            return data_rows(arrays, count, kind=b"d")
        first = bytes(data_rows([one.slice(0, 1) for one in arrays], 1, kind=b"d"))
        rest = data_rows([one.slice(1) for one in arrays], count - 1, kind=b"d")
        begun = message(b"d", self._begin, first[5:])
        self._begin = b""
        return memoryview(begun + bytes(rest))

    @property
    def end(self) -> bytes:
        """What ends the file; of no rows, all of it."""
        return self._begin + self.tail


def copied(form: copy_out.Format, relation: duckdb.DuckDBPyRelation) -> Copied:
    """Return the answer of COPY ... TO STDOUT for a query."""
    if form.name == "binary":
        return BinaryCopied("COPY", relation)
    lines = Copied("COPY", relation.project(copy_out.line_sql(form, relation.types)))
    if form.header:
        lines.head = copy_out.header_line(form, relation.columns).encode()
    return lines


class Table(Rows):
    """A few rows of text that the server says itself."""

    def __init__(self, tag: str, names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        super().__init__(tag, [Column(name, TEXT) for name in names])
        self._cells = rows

    def open(self, formats: Sequence[int]) -> None:
        """Make the rows; text is the same in both formats."""
        arrays = [
            as_bytes(pa.array([row[at] for row in self._cells], pa.string()))
            for at in range(len(self.columns))
        ]
        self._source = iter([(arrays, len(self._cells))])
