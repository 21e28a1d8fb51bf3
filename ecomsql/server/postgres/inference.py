"""What types the parameters of a statement are taken as, and what columns a change returns."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

import duckdb
import sqlglot
from duckdb.sqltypes import DuckDBPyType
from sqlglot import exp

from ecomsql import catalogue

NOTHING = "ecomsql.internal._nothing"
"""The relation that stands for none."""

UNKNOWN = duckdb.sqltype("VARCHAR")
"""Type of a parameter of which nothing is known: text, as PostgreSQL has it."""


def parameter_types(con: duckdb.DuckDBPyConnection, sql: str) -> dict[int, DuckDBPyType]:
    """Return the types that DuckDB finds for parameters, by number; those it cannot tell lack.

    DuckDB binds a statement without values and says what it would cast each parameter to.
    """
    query = "SELECT json_serialize_plan(?, skip_null := true)"
    [(text,)] = con.execute(query, [sql]).fetchall()
    plan = json.loads(text)
    if plan.get("error"):
        return {}
    return {
        int(node["identifier"]): kind
        for node in _parameters(plan)
        if (kind := _kind(node["return_type"])) is not None
    }


_CALL = re.compile(r"\b(\w+)\s*\(")
_ARGUMENT = re.compile(r"\b(\w+)\s*(?::=|=>)\s*\$(\d+)")


def argument_types(sql: str) -> dict[int, DuckDBPyType]:
    """Return the types of parameters that are arguments of our functions: those of the defaults.

    DuckDB cannot tell: a function takes any type, and looks at it when it runs.
    """
    return {
        number: duckdb.sqltype(kind)
        for number, default in _defaults(sql).items()
        if (kind := _type_of(default)) is not None
    }


def stand_ins(sql: str) -> dict[int, Any]:
    """Return values to stand for arguments of our functions where a statement is described.

    A function looks at some of them while its query binds, and takes no NULL.
    """
    return {
        number: _WORDS[default] if default in _WORDS else ast.literal_eval(default)
        for number, default in _defaults(sql).items()
        if _type_of(default) is not None
    }


_WORDS = {"none": NOTHING, "true": True, "false": False}
"""Defaults in signatures that are no literals."""


def stand_in(kind: DuckDBPyType) -> Any:
    """Return a value of a type to describe a statement with.

    It is NULL, but for text: DuckDB 1.5 calls a column of NULLs an INTEGER.
    """
    return "" if kind.id == "varchar" else duckdb.Value(None, kind)


def _defaults(sql: str) -> dict[int, str]:
    """Return the defaults of the arguments that parameters are given for."""
    arguments = _ARGUMENT.findall(sql)
    called = {name.lower() for name in _CALL.findall(sql)} if arguments else set()
    defaults: dict[str, str] = {}
    for function in catalogue.functions():
        if function.name in called:
            defaults.update(_DEFAULT.findall(function.signature))
    return {
        int(number): defaults[name.lower()]
        for name, number in arguments
        if name.lower() in defaults
    }


def cast_types(sql: str) -> dict[int, DuckDBPyType]:
    """Return the types of parameters that are cast right where they stand: ``$1::DATE``."""
    found = {}
    for number, name in _CAST.findall(sql):
        try:
            found[int(number)] = duckdb.sqltype(name)
        except duckdb.Error:
            continue
    return found


_CAST = re.compile(
    r"(?:CAST\(\s*)?\$(\d+)\s*(?:::|\s+AS\s+)\s*(\w+(?:\s*\(\d+(?:,\s*\d+)?\))?(?:\[\])?)",
    re.IGNORECASE,
)
_DEFAULT = re.compile(r"(\w+) := ('[^']*'|[\w.-]+)")


def _type_of(default: str) -> str | None:
    if re.fullmatch(r"-?\d+", default):
        return "BIGINT"
    if re.fullmatch(r"-?\d+\.\d+", default):
        return "DOUBLE"
    if default in ("true", "false"):
        return "BOOLEAN"
    return "VARCHAR" if default.startswith("'") or default == "none" else None


def returning(sql: str) -> str | None:
    """Return a query with the columns that a change returns; None if it returns none.

    Raises
    ------
    sqlglot.errors.SqlglotError
        The statement is too unusual.
    """
    if "returning" not in sql.lower():
        return None
    [tree] = sqlglot.parse(sql, read="duckdb")
    found = tree.find(exp.Returning) if tree is not None else None
    table = tree.find(exp.Table) if tree is not None else None
    if found is None or table is None:
        return None
    query = exp.select(*[one.copy() for one in found.expressions]).from_(table.copy())
    return f"{query.sql(dialect='duckdb')} LIMIT 0"


def _parameters(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if node.get("expression_class") == "BOUND_PARAMETER":
            yield node
        for child in node.values():
            yield from _parameters(child)
    elif isinstance(node, list):
        for child in node:
            yield from _parameters(child)


def _kind(node: dict[str, Any]) -> DuckDBPyType | None:
    name, info = node["id"], node.get("type_info") or {}
    if name == "DECIMAL":
        return duckdb.sqltype(f"DECIMAL({info['width']},{info['scale']})")
    if name == "LIST":
        element = _kind(info["child_type"])
        return None if element is None else duckdb.sqltype(f"{element}[]")
    if info.get("alias") == "JSON":
        return duckdb.sqltype("JSON")
    try:
        kind = duckdb.sqltype(name)
    except duckdb.Error:
        return None
    return None if kind.id in ("null", "unknown", "any") else kind
