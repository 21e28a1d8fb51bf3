"""What there is to name: databases, tables and their columns, functions, keywords.

Read between two prompts and looked at while typing, so that typing never waits for the database.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import duckdb

from ecomsql.registration import CATALOG

_HIDDEN = (CATALOG, "system")
"""Databases that are no data of the user's."""

_RELATIONS = """
    SELECT database_name, schema_name, table_name, 'table' AS kind FROM duckdb_tables()
    WHERE NOT internal
    UNION ALL
    SELECT database_name, schema_name, view_name, 'view' FROM duckdb_views() WHERE NOT internal
    ORDER BY ALL
"""
_COLUMNS = """
    SELECT database_name, schema_name, table_name, column_name, data_type FROM duckdb_columns()
    WHERE NOT internal ORDER BY database_name, schema_name, table_name, column_index
"""
_FUNCTIONS = """
    SELECT function_name, any_value(function_type), any_value(description)
    FROM duckdb_functions()
    WHERE regexp_full_match(function_name, '[a-z][a-z0-9_]*') AND database_name <> ?
        AND function_type <> 'pragma'
    GROUP BY function_name ORDER BY function_name
"""
_SCHEMAS = """
    SELECT database_name, schema_name FROM duckdb_schemas()
    WHERE schema_name NOT IN ('information_schema', 'pg_catalog') ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or a view."""

    database: str
    schema: str
    name: str
    kind: str

    def is_named(self, parts: tuple[str, ...]) -> bool:
        """Whether this is the relation of the name `parts`, which may be qualified."""
        whole = (self.database, self.schema, self.name)
        short = (self.database, self.name)
        wanted = tuple(part.lower() for part in parts)
        folded = [tuple(part.lower() for part in path) for path in (whole, short)]
        return wanted in (folded[0], folded[0][1:], folded[0][2:], folded[1])


@dataclass(frozen=True)
class Snapshot:
    """The names as they were at one time."""

    database: str = "memory"
    schema: str = "main"
    relations: tuple[Relation, ...] = ()
    columns: dict[Relation, dict[str, str]] = field(default_factory=dict)
    """Columns and their types."""
    functions: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Kind and description of DuckDB's functions and the user's macros."""
    keywords: frozenset[str] = frozenset()
    reserved: frozenset[str] = frozenset()
    schemas: tuple[tuple[str, str], ...] = ()

    def is_here(self, relation: Relation) -> bool:
        """Whether a relation is found without its database and schema."""
        here = (self.database, self.schema)
        return (relation.database, relation.schema) in (here, ("temp", "main"))

    def columns_of(self, parts: tuple[str, ...]) -> dict[str, str]:
        """Return the columns of the relation that a name stands for; of several, the one here."""
        found = [one for one in self.relations if one.is_named(parts)]
        found.sort(key=lambda one: not self.is_here(one))
        return self.columns.get(found[0], {}) if found else {}


class Names:
    """The newest snapshot of a connection."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._is_stale = True
        self.now = Snapshot()

    def renew(self) -> None:
        """Say that something may have changed."""
        self._is_stale = True

    def read(self) -> Snapshot:
        """Return the names as they are, read again if something may have changed.

        Inside an aborted transaction, which answers nothing, they stay as they were.
        """
        if not self._is_stale:
            return self.now
        try:
            self.now = _snapshot(self._con)
        except duckdb.Error:
            return self.now
        self._is_stale = False
        return self.now


def _snapshot(con: duckdb.DuckDBPyConnection) -> Snapshot:
    query = "SELECT current_catalog(), current_schema()"
    [(database, schema)] = con.execute(query).fetchall()
    relations = [Relation(*row) for row in con.execute(_RELATIONS).fetchall()]
    columns: dict[tuple[str, ...], dict[str, str]] = defaultdict(dict)
    for *owner, name, kind in con.execute(_COLUMNS).fetchall():
        columns[tuple(owner)][name] = kind
    keywords = dict(
        con.execute("SELECT keyword_name, keyword_category FROM duckdb_keywords()").fetchall()
    )
    functions = con.execute(_FUNCTIONS, [CATALOG]).fetchall()
    return Snapshot(
        database=database,
        schema=schema,
        relations=tuple(one for one in relations if one.database not in _HIDDEN),
        columns={one: columns[one.database, one.schema, one.name] for one in relations},
        functions={name: (kind, about or "") for name, kind, about in functions},
        keywords=frozenset(keywords),
        reserved=frozenset(name for name, kind in keywords.items() if kind == "reserved"),
        schemas=tuple(
            (one, other) for one, other in con.execute(_SCHEMAS).fetchall() if one not in _HIDDEN
        ),
    )
