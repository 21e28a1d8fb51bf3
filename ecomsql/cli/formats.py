"""Results as text and files: box, csv, json, line, markdown, parquet."""

from __future__ import annotations

import contextlib
import io
import shutil
import sys
from pathlib import Path

import duckdb

FORMATS = ("box", "csv", "json", "line", "markdown", "parquet")

SUFFIXES = {".csv": "csv", ".json": "json", ".md": "markdown", ".parquet": "parquet"}
"""Format of an output file whose name says it."""

ROWS = 40
"""Rows of a box on a terminal."""

UNLIMITED = 1_000_000_000

BATCH = 10_000
"""Rows of JSON in memory at once."""


def write(
    relation: duckdb.DuckDBPyRelation,
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
    path : Path
        File to write.
    form : str
        One of FORMATS. csv and parquet are written by DuckDB, json from DuckDB's objects; box, line
        and markdown are for reading: a BLOB shows as ``<n bytes>`` there.
    width, rows : int
        Largest box, in characters and rows.
    """
    if form == "csv":
        relation.write_csv(str(path))
    elif form == "parquet":
        relation.write_parquet(str(path))
    elif form == "json":
        _write_json(relation, path)
    elif form == "line":
        _write_lines(_without_blobs(relation), path)
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


def _write_json(relation: duckdb.DuckDBPyRelation, path: Path) -> None:
    """Write an array of objects, each made by DuckDB's to_json."""
    # A row as a whole: DuckDB tells columns of the same name apart.
    rows = relation.set_alias("_ecomsql_row")
    objects = rows.project("CAST(to_json(_ecomsql_row) AS VARCHAR) AS object")
    with path.open("w", encoding="utf-8") as file:
        separator = "[\n  "
        for batch in objects.to_arrow_reader(BATCH):
            for value in batch.column(0).to_pylist():
                file.write(f"{separator}{value}")
                separator = ",\n  "
        file.write("[]\n" if separator.startswith("[") else "\n]\n")


def _write_lines(relation: duckdb.DuckDBPyRelation, path: Path) -> None:
    """Write each value on a line of its own, behind the name of its column."""
    names = relation.columns
    width = max(map(len, names))
    texts = relation.project("CAST(COLUMNS(*) AS VARCHAR)").to_arrow_reader(BATCH)
    with path.open("w", encoding="utf-8") as file:
        separator = ""
        for batch in texts:
            columns = [column.to_pylist() for column in batch.columns]
            for row in zip(*columns, strict=True):
                file.write(separator)
                for name, value in zip(names, row, strict=True):
                    file.write(f"{name:>{width}} = {'NULL' if value is None else value}\n")
                separator = "\n"


def _without_blobs(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Return the relation with the length of BLOBs in place of their bytes."""
    if "BLOB" not in map(str, relation.types):
        return relation
    # By position, as names may occur twice.
    columns = [
        (f"'<' || octet_length(#{i}) || ' bytes>'" if str(kind) == "BLOB" else f"#{i}")
        + f" AS {quoted(name)}"
        for i, (name, kind) in enumerate(
            zip(relation.columns, relation.types, strict=True), start=1
        )
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


def quoted(name: str) -> str:
    """Return a name as an identifier of SQL."""
    return '"' + name.replace('"', '""') + '"'
