"""Declares the private Arrow UDFs behind the functions.

``@udf`` stores a record; :func:`records` imports every module of ``udfs`` once and returns them
all, so that adding a file there is all it takes.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, wraps
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ecomsql.ending import waited_for
from ecomsql.progress import checkpoint, working_for

if TYPE_CHECKING:
    from ecomsql.instance import Instance

WORK = "UBIGINT"
"""SQL type of the number of whose work a UDF does."""


@dataclass(frozen=True, slots=True)
class Udf:
    """A UDF: its name and types in SQL, and the function over Arrow arrays."""

    name: str
    takes: tuple[str, ...] | None
    returns: str
    call: Callable[..., pa.Array]
    reads: bool = False
    """Whether the first argument of `call` is the :class:`~ecomsql.instance.Instance`."""

    @property
    def knows_work(self) -> bool:
        """Whether its last argument in SQL is whose work it does.

        Not of those that a query calls while it binds: their arguments have to be constants.
        """
        return not self.reads

    @property
    def parameters(self) -> list[str] | None:
        """SQL types of what it takes in SQL; None: anything."""
        if self.takes is None:
            return None
        return [*self.takes, WORK] if self.knows_work else list(self.takes)

    def bound(self, instance: Instance) -> Callable[..., pa.Array]:
        """Return the function to register on an instance."""
        if self.knows_work:
            return _knowing(self)

        def call(*columns: Any) -> pa.Array:
            return self.call(instance, *columns)

        instance.functions.append(call)
        return _counted(call, self.parameters)


_records: dict[str, Udf] = {}


def udf(
    name: str,
    takes: tuple[str, ...] | None,
    returns: str,
    *,
    reads: bool = False,
    by_row: bool = False,
    by_handle: bool = False,
) -> Callable[[Callable[..., pa.Array]], Callable[..., pa.Array]]:
    """Declare a function over Arrow arrays, one a parameter, as the UDF `name`.

    Parameters
    ----------
    name : str
        Name in SQL; starts with ``_``.
    takes, returns : str
        SQL types; `takes` None: any number of arguments of any types, to a function of
        ``*columns`` alone. NULLs are passed in, not skipped.
    reads : bool
        Whether the function takes the instance that it is called on before the arrays.
    by_row : bool
        Whether the function answers for one row: a query has several where it is correlated. A row
        of NULLs alone has the answer NULL.
    by_handle : bool
        Whether the function answers for rows that all have the same in the first column, likewise.
    """

    def declare(function: Callable[..., pa.Array]) -> Callable[..., pa.Array]:
        @wraps(function)
        def call(*columns: Any) -> pa.Array:
            whole = [_whole(column) for column in columns]
            if by_row:
                return _each(function, whole, list(np.arange(len(whole[0]))[:, None]))
            return _each(function, whole, _alike(whole[0])) if by_handle else function(*whole)

        _records[name] = Udf(name, takes, returns, call, reads)
        return function

    return declare


@cache
def _knowing(record: Udf) -> Callable[..., pa.Array]:
    """Return a UDF's function of its arguments and of whose work it does; always the same."""

    def call(*columns: Any) -> pa.Array:
        *own, work = columns
        with waited_for(), working_for(work[0].as_py() if len(work) else None):
            checkpoint()
            return record.call(*own)

    return _counted(call, record.parameters)


def _counted(
    call: Callable[..., pa.Array], parameters: Sequence[str] | None
) -> Callable[..., pa.Array]:
    """Say how many parameters a function of ``*columns`` has: DuckDB counts them."""
    if parameters is not None:
        one = [Parameter(f"_{at}", Parameter.POSITIONAL_ONLY) for at in range(len(parameters))]
        setattr(call, "__signature__", Signature(one))  # noqa: B010 (mypy knows no such attribute)
    return call


@cache
def records() -> tuple[Udf, ...]:
    """Return every UDF that the modules of ``udfs`` declare."""
    package = importlib.import_module("ecomsql.udfs")
    for module in sorted(found.name for found in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"{package.__name__}.{module}")
    return tuple(_records.values())


def _whole(column: Any) -> pa.Array:
    """Return a column in one piece; a single one is not copied, as models are large."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _each(
    function: Callable[..., pa.Array], columns: list[pa.Array], groups: list[np.ndarray]
) -> pa.Array:
    """Return what a function answers for each group of rows, in the order of the rows."""
    if len(groups) == 1 and not _is_absent(columns):
        return function(*columns)
    parts = [(rows, [column.take(pa.array(rows)) for column in columns]) for rows in groups]
    there = [(rows, some) for rows, some in parts if not _is_absent(some)]
    if not there:
        return pa.nulls(len(columns[0]))
    found = pa.concat_arrays([function(*some) for _, some in there])
    places = np.full(len(columns[0]), -1)
    places[np.concatenate([rows for rows, _ in there])] = np.arange(len(found))
    return found.take(pa.array(places, mask=places < 0))


def _alike(handles: pa.Array) -> list[np.ndarray]:
    """Return the rows of each handle; those of NULL together."""
    if len(handles) == 0:
        return []
    codes = pc.dictionary_encode(handles, null_encoding="encode").indices.to_numpy()
    order = np.argsort(codes, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(codes[order])) + 1)


def _is_absent(columns: list[pa.Array]) -> bool:
    return all(column.null_count == len(column) for column in columns)
