"""Declares the private Arrow UDFs behind the functions.

``@udf`` stores a record; :func:`records` imports every module of ``udfs`` once and returns them
all, so that adding a file there is all it takes.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from ecomsql.instance import Instance


@dataclass(frozen=True, slots=True)
class Udf:
    """A UDF: its name and types in SQL, and the function over Arrow arrays."""

    name: str
    takes: tuple[str, ...] | None
    returns: str
    call: Callable[..., pa.Array]
    reads: bool = False
    """Whether the first argument of `call` is the :class:`~ecomsql.instance.Instance`."""

    def bound(self, instance: Instance) -> Callable[..., pa.Array]:
        """Return the function to register on an instance."""
        if not self.reads:
            return self.call

        def call(*columns: Any) -> pa.Array:
            return self.call(instance, *columns)

        # DuckDB counts the parameters.
        one = [
            Parameter(f"_{at}", Parameter.POSITIONAL_ONLY) for at in range(len(self.takes or ()))
        ]
        setattr(call, "__signature__", Signature(one))  # noqa: B010 (mypy knows no such attribute)
        instance.functions.append(call)
        return call


_records: dict[str, Udf] = {}


def udf(
    name: str, takes: tuple[str, ...] | None, returns: str, *, reads: bool = False
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
    """

    def declare(function: Callable[..., pa.Array]) -> Callable[..., pa.Array]:
        @wraps(function)
        def call(*columns: Any) -> pa.Array:
            return function(*(_whole(column) for column in columns))

        _records[name] = Udf(name, takes, returns, call, reads)
        return function

    return declare


@cache
def records() -> tuple[Udf, ...]:
    """Return every UDF that the modules of ``udfs`` declare."""
    package = importlib.import_module("ecomsql.udfs")
    for module in sorted(found.name for found in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"{package.__name__}.{module}")
    return tuple(_records.values())


def _whole(column: Any) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
