"""How the values of a column are written, in either format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from duckdb.sqltypes import DuckDBPyType

from ecomsql.server.postgres.binary_values import Encoder, binary_sql, encoder, oid_array
from ecomsql.server.postgres.messages import BINARY
from ecomsql.server.postgres.text_values import text_sql
from ecomsql.server.postgres.types import OIDS, VECTOR, PgType, of


@dataclass(frozen=True, slots=True)
class Writer:
    """A column's type for the client, and what writes its values."""

    type: PgType
    text_sql: Callable[[str], str]
    binary_sql: Callable[[str], str]
    binary: Encoder

    def sql(self, form: int, value: str) -> str:
        """Return an expression for what is encoded in a format."""
        return (self.binary_sql if form == BINARY else self.text_sql)(value)


def writer(kind: DuckDBPyType, *, is_catalogue: bool = False) -> Writer:
    """Return what writes values of a type of DuckDB."""
    if is_catalogue and str(kind) == "BIGINT[]":
        # asyncpg asks for the types of types, and would ask again for an array it does not know.
        return Writer(OIDS, lambda value: text_sql(kind, value), _as_oids, oid_array)
    if is_catalogue and str(kind) == "SMALLINT[]":
        # Columns of an index: clients take the text apart at its spaces.
        return Writer(VECTOR, _as_vector, lambda value: binary_sql(kind, value), encoder(kind))
    return Writer(
        of(kind),
        lambda value: text_sql(kind, value),
        lambda value: binary_sql(kind, value),
        encoder(kind),
    )


def _as_oids(value: str) -> str:
    return f"list_transform({value}, lambda _one: _one::UINTEGER)"


def _as_vector(value: str) -> str:
    return f"list_aggregate({value}::VARCHAR[], 'string_agg', ' ')"
