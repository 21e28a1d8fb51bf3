"""``.tables`` and ``.schema``: what there is, and how it was made."""

from __future__ import annotations

from pathlib import Path

from ecomsql.cli.messages import note
from ecomsql.errors import did_you_mean
from ecomsql.shell.command import command
from ecomsql.shell.errors import CommandError
from ecomsql.shell.session import Session

_TABLES = """
    SELECT
        CASE WHEN (database_name, schema_name) IN
            ((current_catalog(), current_schema()), ('temp', 'main')) THEN ''
            WHEN database_name IN (current_catalog(), 'temp') THEN schema_name || '.'
            WHEN schema_name = 'main' THEN database_name || '.'
            ELSE database_name || '.' || schema_name || '.' END || name AS name,
        kind, columns, rows
    FROM (
        SELECT database_name, schema_name, table_name AS name, column_count AS columns,
            if(temporary, 'temporary table', 'table') AS kind, estimated_size AS rows
        FROM duckdb_tables() WHERE NOT internal
        UNION ALL
        SELECT database_name, schema_name, view_name, column_count,
            if(temporary, 'temporary view', 'view'), NULL
        FROM duckdb_views() WHERE NOT internal
    )
    WHERE database_name NOT IN ('ecomsql', 'system') AND name ILIKE ?
    ORDER BY database_name <> current_catalog(), database_name, schema_name, name
"""
_STATEMENTS = """
    SELECT sql FROM (
        SELECT 1 AS part, database_name, schema_name, table_name AS name, table_name AS of, sql
        FROM duckdb_tables() WHERE NOT internal
        UNION ALL
        SELECT 2, database_name, schema_name, view_name, view_name, sql
        FROM duckdb_views() WHERE NOT internal
        UNION ALL
        SELECT 3, database_name, schema_name, index_name, table_name, sql FROM duckdb_indexes()
        WHERE sql IS NOT NULL
    )
    WHERE database_name NOT IN ('ecomsql', 'system') AND of ILIKE ?
    ORDER BY database_name, schema_name, part, name
"""


@command("tables", usage="[PATTERN]")
def tables(session: Session, pattern: str = "%") -> None:
    """List tables and views, those with a name LIKE the pattern."""
    found = session.con.sql(_TABLES, params=[pattern])
    if not found.fetchall():
        _tell_none(session, pattern)
        return
    session.view.show_relation(session.con.sql(_TABLES, params=[pattern]))


@command("schema", usage="[TABLE]")
def schema(session: Session, pattern: str = "%") -> None:
    """Show the statements that make the tables, views and indexes, or those of one."""
    found = session.con.execute(_STATEMENTS, [pattern.rpartition(".")[2]]).fetchall()
    if found:
        session.view.show_text("".join(f"{sql.strip().rstrip(';')};\n" for (sql,) in found))
    else:
        _tell_none(session, pattern)


def _tell_none(session: Session, pattern: str) -> None:
    """Say that nothing has such a name, and what is near."""
    if pattern == "%":
        note("There are no tables.")
        return
    if Path(pattern.strip("'\"")).is_file():
        raise CommandError(f"{pattern} is a file: DESCRIBE FROM '{pattern}'; shows its columns")
    near = did_you_mean(pattern, {one.name for one in session.names.read().relations})
    raise CommandError(f"no table or view is called '{pattern}'{near}")
