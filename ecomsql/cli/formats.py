"""Results as text and files: box, csv, json, markdown, parquet."""

from __future__ import annotations

import contextlib
import io
import shutil
import sys
from pathlib import Path

import duckdb

FORMATS = ("box", "csv", "json", "markdown", "parquet")

SUFFIXES = {".csv": "csv", ".json": "json", ".md": "markdown", ".parquet": "parquet"}
"""Format of an output file whose name says it."""

ROWS = 40
"""Rows of a box on a terminal."""

UNLIMITED = 1_000_000_000
_VIEW = "_ecomsql_result"


def write(
    relation: duckdb.DuckDBPyRelation,
    con: duckdb.DuckDBPyConnection,
    path: Path,
    *,
    form: str,
    width: int = UNLIMITED,
    rows: int = UNLIMITED,
) -> None:
    """Run `relation` and write its rows to a file.

    Parameters
    ----------
    relation : DuckDBPyRelation
        A result, run once.
    con : DuckDBPyConnection
        The connection of the relation.
    path : Path
        File to write.
    form : str
        One of FORMATS. csv, json and parquet are DuckDB's own; box and markdown are for reading:
        a BLOB shows as ``<n bytes>`` there.
    width, rows : int
        Largest box, in characters and rows.
    """
    if form == "csv":
        relation.write_csv(str(path))
    elif form == "parquet":
        relation.write_parquet(str(path))
    elif form == "json":
        _copy_json(relation, con, path)
    else:
        readable = _without_blobs(relation)
        text = box(readable, width=width, rows=rows) if form == "box" else markdown(readable)
        path.write_text(text, encoding="utf-8")


def box(relation: duckdb.DuckDBPyRelation, *, width: int, rows: int) -> str:
    """Return DuckDB's box, at most `width` characters wide, with the first and last of the rows."""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        relation.show(max_width=width, max_rows=rows, null_value="NULL")
    return said.getvalue().rstrip("\n") + "\n"


def markdown(relation: duckdb.DuckDBPyRelation) -> str:
    """Return a table of GitHub's Markdown; numbers to the right."""
    numbers = {i for i, kind in enumerate(relation.types) if _is_number(str(kind))}
    names = [_cell(name) for name in relation.columns]
    rules = ["---:" if i in numbers else "---" for i in range(len(names))]
    texts = relation.project("CAST(COLUMNS(*) AS VARCHAR)").fetchall()
    rows = [[_cell(value) for value in row] for row in texts]
    return "".join(f"| {' | '.join(line)} |\n" for line in [names, rules, *rows])


def emit(path: Path) -> None:
    """Copy a file to stdout."""
    sys.stdout.flush()
    with path.open("rb") as source:
        shutil.copyfileobj(source, sys.stdout.buffer)
    sys.stdout.buffer.flush()


def _copy_json(
    relation: duckdb.DuckDBPyRelation, con: duckdb.DuckDBPyConnection, path: Path
) -> None:
    """Write an array of objects; a temporary view lends the relation a name, for COPY."""
    target = str(path).replace("'", "''")
    relation.query(_VIEW, f"COPY (FROM {_VIEW}) TO '{target}' (FORMAT json, ARRAY true)")
    con.execute(f"DROP VIEW IF EXISTS temp.main.{_VIEW}")


def _without_blobs(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Return the relation with the length of BLOBs in place of their bytes."""
    if "BLOB" not in map(str, relation.types):
        return relation
    columns = [
        f"'<' || octet_length({_quoted(name)}) || ' bytes>' AS {_quoted(name)}"
        if str(kind) == "BLOB"
        else _quoted(name)
        for name, kind in zip(relation.columns, relation.types, strict=True)
    ]
    return relation.project(", ".join(columns))


def _is_number(kind: str) -> bool:
    return (
        kind.endswith("INT")
        or kind in {"INTEGER", "UINTEGER", "DOUBLE", "FLOAT"}
        or (kind.startswith("DECIMAL") and not kind.endswith("]"))
    )


def _cell(value: str | None) -> str:
    if value is None:
        return "NULL"
    return value.replace("\\", "\\\\").replace("|", "\\|").replace("\r", "").replace("\n", "<br>")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
