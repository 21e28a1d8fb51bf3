"""Reads and runs SQL tests in DuckDB's dialect of sqllogictest.

What a file may hold (https://duckdb.org/docs/stable/dev/sqllogictest/intro):

``statement ok`` and ``statement error``
    SQL that must succeed, or fail: below ``----`` a part of the message, or ``<REGEX>:`` and an
    expression to search for. An error that shows Python's or DuckDB's inside is never right.
``query <types> [rowsort|nosort]``
    SQL, ``----``, and the rows: one a line, cells split by tabs, ``NULL`` and ``(empty)`` as such.
    A type a column: ``I`` and ``T`` compare as text, ``R`` as numbers, equal within 1e-5 times the
    larger of 1 and the expected one; a cell ``<REGEX>:...`` must match. ``rowsort`` sorts both.
``require duckdb>=2``
    Leaves the whole file out on other versions; ``onlyif`` and ``skipif`` do so for one record.
``foreach <name> <values...>`` to ``endloop``
    Repeats records, with ``${name}`` replaced. ``__TEST_DIR__`` is a folder for the test's files.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

RELATIVE = 1e-5
VERSION = tuple(int(part) for part in duckdb.__version__.split(".")[:2])
INSIDE = re.compile(r"Traceback|INTERNAL Error|FATAL Error|nanobind|TypeError|KeyError|IndexError")


@dataclass(frozen=True)
class Record:
    """One statement or query."""

    line: int
    kind: str
    sql: str
    expected: tuple[str, ...]
    types: str = ""
    is_sorted: bool = False


class SqlMismatchError(Exception):
    """A record that did not do what the file says."""


def holds(condition: str) -> bool:
    """Return whether a condition like ``duckdb>=2`` is true of this DuckDB."""
    found = re.fullmatch(r"duckdb(>=|<)(\d+(?:\.\d+)*)", condition)
    if found is None:
        raise ValueError(f"not a condition: {condition!r}")
    wanted = tuple(int(part) for part in found[2].split("."))
    return (VERSION[: len(wanted)] >= wanted) == (found[1] == ">=")


def parse(text: str) -> tuple[list[Record], list[str]]:
    """Return the records of a file, and the conditions that it requires."""
    lines = list(enumerate(text.splitlines(), start=1))
    requires = [line.split()[1] for _, line in lines if line.startswith("require ")]
    return list(_records(_repeated(lines))), requires


def _repeated(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Unroll the outermost loops, and what is in them."""
    out: list[tuple[int, str]] = []
    at = 0
    while at < len(lines):
        words = lines[at][1].split()
        if words[:1] != ["foreach"]:
            out.append(lines[at])
            at += 1
            continue
        end = _end_of_loop(lines, at)
        body = lines[at + 1 : end]
        for value in words[2:]:
            out += _repeated([(n, t.replace(f"${{{words[1]}}}", value)) for n, t in body])
            out.append((lines[end][0], ""))
        at = end + 1
    return out


def _end_of_loop(lines: list[tuple[int, str]], start: int) -> int:
    depth = 0
    for at in range(start, len(lines)):
        depth += lines[at][1].startswith("foreach ")
        depth -= lines[at][1].strip() == "endloop"
        if depth == 0:
            return at
    raise ValueError(f"line {lines[start][0]}: a loop without endloop")


def _records(lines: list[tuple[int, str]]) -> Iterator[Record]:
    block: list[tuple[int, str]] = []
    for number, line in [*lines, (0, "")]:
        if line.strip():
            block.append((number, line))
            continue
        block = [one for one in block if not one[1].startswith(("#", "require "))]
        if block and _is_for_us(block):
            yield _record([one for one in block if not one[1].startswith(("onlyif", "skipif"))])
        block = []


def _is_for_us(block: list[tuple[int, str]]) -> bool:
    return all(
        holds(line.split()[1]) == line.startswith("onlyif")
        for _, line in block
        if line.startswith(("onlyif ", "skipif "))
    )


def _record(block: list[tuple[int, str]]) -> Record:
    (number, head), body = block[0], [line for _, line in block[1:]]
    cut = body.index("----") if "----" in body else len(body)
    sql, expected = "\n".join(body[:cut]), tuple(body[cut + 1 :])
    words = head.split()
    if words in (["statement", "ok"], ["statement", "error"]):
        if (words[1] == "error") != bool(expected):
            raise ValueError(f"line {number}: only an error has something to expect, and it must")
        return Record(number, words[1], sql, expected)
    if words[0] == "query" and 2 <= len(words) <= 3 and set(words[1]) <= set("ITR"):
        if cut == len(body):
            raise ValueError(f"line {number}: a query needs ----")
        return Record(number, "query", sql, expected, words[1], words[2:] == ["rowsort"])
    raise ValueError(f"line {number}: not a record: {head!r}")


def run(con: duckdb.DuckDBPyConnection, record: Record, folder: Path) -> None:
    """Run a record; raise SqlMismatchError if it does not do what it should."""
    record = replace(
        record,
        sql=record.sql.replace("__TEST_DIR__", str(folder)),
        expected=tuple(line.replace("__TEST_DIR__", str(folder)) for line in record.expected),
    )
    try:
        result = con.execute(record.sql)
        rows = [[_text(cell) for cell in row] for row in result.fetchall()]
    except duckdb.Error as error:
        if record.kind != "error":
            raise SqlMismatchError(f"failed:\n{error}") from error
        _compare_message(str(error), "\n".join(record.expected))
        return
    if record.kind == "error":
        shown = "\n".join("\t".join(row) for row in rows[:20])
        raise SqlMismatchError(f"should have failed with:\n{record.expected[0]}\n\ngot:\n{shown}")
    if record.kind == "query":
        _compare_rows(rows, record)


def _compare_message(message: str, expected: str) -> None:
    # DuckDB 1.5 puts the place in Python below the message.
    ours = message.split("\n\nAt:\n")[0]
    if expected.startswith("<REGEX>:"):
        fits = re.search(expected.removeprefix("<REGEX>:"), ours, re.DOTALL) is not None
    else:
        fits = expected in ours
    if not fits or INSIDE.search(ours):
        raise SqlMismatchError(f"expected the error:\n{expected}\n\ngot:\n{message}")


def _compare_rows(rows: list[list[str]], record: Record) -> None:
    expected = [line.split("\t") for line in record.expected]
    if record.is_sorted:
        rows, expected = sorted(rows), sorted(expected)
    same = len(rows) == len(expected) and all(
        len(got) == len(wanted) == len(record.types)
        and all(map(_is_same, got, wanted, record.types))
        for got, wanted in zip(rows, expected, strict=True)
    )
    if not same:
        sides = ["\n".join("\t".join(row) for row in side) for side in (expected, rows)]
        raise SqlMismatchError(f"expected:\n{sides[0]}\n\ngot:\n{sides[1]}")


def _is_same(got: str, wanted: str, kind: str) -> bool:
    if wanted.startswith("<REGEX>:"):
        return re.fullmatch(wanted.removeprefix("<REGEX>:"), got, re.DOTALL) is not None
    if kind != "R" or "NULL" in (got, wanted):
        return got == wanted
    number = float(wanted)
    return math.isclose(float(got), number, rel_tol=0, abs_tol=RELATIVE * max(1, abs(number)))


def _text(cell: object) -> str:
    if cell is None:
        return "NULL"
    if isinstance(cell, bool):
        return str(cell).lower()
    return str(cell) or "(empty)"
