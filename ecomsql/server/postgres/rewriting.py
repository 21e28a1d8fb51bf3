"""Queries of PostgreSQL's catalogue, and other spellings of its, turned to what DuckDB has."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
from sqlglot import exp

from ecomsql.server.postgres.catalogue import functions, relations
from ecomsql.server.postgres.settings import SERVER_VERSION, Settings


class Rewriter:
    """Turns one session's queries of PostgreSQL's catalogue to the views.

    Parameters
    ----------
    settings : Settings
        What ``current_setting`` answers from.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def rewritten(self, tree: exp.Expr) -> exp.Expr:
        """Return a statement, parsed as PostgreSQL's, that DuckDB can run."""
        # Those within others come first: what is put in place of a part holds them already.
        for node in reversed(list(tree.dfs())):
            title = _title(node)
            found = self._rewrite(node)
            if found is node:
                continue
            if title and isinstance(node.parent, exp.Select) and node.arg_key == "expressions":
                found = exp.alias_(found, title)
            if node is tree:
                tree = found
            else:
                node.replace(found)
        return tree

    def _rewrite(self, node: exp.Expr) -> exp.Expr:
        for kind, rewrite in _REWRITES.items():
            if isinstance(node, kind):
                return rewrite(self, node)
        return node

    def _table(self, node: exp.Expr) -> exp.Expr:
        assert isinstance(node, exp.Table)
        if not isinstance(node.this, exp.Identifier):
            # A function: pg_catalog.unnest(...).
            if node.db.lower() == "pg_catalog":
                node.set("db", None)
            called = node.this.expression if isinstance(node.this, exp.Dot) else None
            if called is not None and called.name == "pg_partition_ancestors":
                called.set("this", "_partition_ancestors")
            alias = node.args.get("alias")
            if alias is not None and alias.this is not None and not alias.columns:
                # What such a function returns has the name of its relation.
                alias.set("columns", [alias.this.copy()])
            return node
        name, schema = node.name.lower(), node.db.lower()
        if schema == "information_schema":
            name = f"information_schema_{name}"
        elif schema not in ("", "pg_catalog") or not name.startswith("pg_"):
            return node
        if name not in relations():
            return node
        found = node.copy()
        found.set("this", exp.to_identifier(name))
        found.set("db", exp.to_identifier("postgres"))
        found.set("catalog", exp.to_identifier("ecomsql"))
        if not node.alias:
            found.set("alias", exp.TableAlias(this=exp.to_identifier(node.name)))
        return found

    def _column(self, node: exp.Expr) -> exp.Expr:
        """Leave schemas out before columns: ``pg_catalog.pg_class.relname``."""
        assert isinstance(node, exp.Column)
        if node.text("db").lower() in ("pg_catalog", "information_schema"):
            return exp.column(node.name, table=node.text("table"))
        return node

    def _dot(self, node: exp.Expr) -> exp.Expr:
        """Take ``pg_catalog.`` off functions."""
        assert isinstance(node, exp.Dot)
        is_schema = node.this.name.lower() in ("pg_catalog", "information_schema")
        return node.expression.copy() if is_schema else node

    def _function(self, node: exp.Expr) -> exp.Expr:
        assert isinstance(node, exp.Func)
        name = (node.name if isinstance(node, exp.Anonymous) else node.sql_name()).lower()
        if name in ("current_user", "session_user", "current_role"):
            return exp.Literal.string(self._settings.get("session_authorization"))
        if name in ("version", "current_version"):
            text = f"PostgreSQL {SERVER_VERSION} on DuckDB {duckdb.__version__}, ecomsql"
            return exp.Literal.string(text)
        if name == "current_catalog":
            return exp.CurrentDatabase()
        arguments = node.expressions if isinstance(node, exp.Anonymous) else []
        if name in ("current_setting", "set_config") and arguments:
            return self._setting(node, name, arguments)
        if name == "pg_backend_pid":
            return exp.Literal.number(self._settings.process)
        if name in _ENDING and len(arguments) == 1:
            return self._ending(node, name, arguments[0])
        if name == "array_to_string" and len(arguments) == 3:
            return exp.Anonymous(this=name, expressions=[one.copy() for one in arguments[:2]])
        if name in _SYNONYMS and isinstance(node, exp.Anonymous):
            return exp.Anonymous(
                this=_SYNONYMS[name], expressions=[one.copy() for one in arguments]
            )
        if name in functions() and isinstance(node, exp.Anonymous):
            return _ours(name, *[one.copy() for one in arguments])
        return node

    def _ending(self, node: exp.Expr, name: str, number: exp.Expr) -> exp.Expr:
        """Add the session's key to a call that ends another.

        A view or macro would keep the key: there the function is not found.
        """
        if node.find_ancestor(exp.Create):
            return node
        return _ours(name, number.copy(), exp.Literal.string(self._settings.key))

    def _setting(self, node: exp.Expr, name: str, arguments: list[exp.Expr]) -> exp.Expr:
        if not arguments[0].is_string:
            return self._any_setting(arguments[0])
        if arguments[0].name not in self._settings:
            return node
        if name == "set_config" and len(arguments) > 1 and arguments[1].is_string:
            self._settings.set(arguments[0].name, arguments[1].name)
        return exp.Literal.string(self._settings.get(arguments[0].name))

    def _any_setting(self, name: exp.Expr) -> exp.Expr:
        """Look a setting up whose name only the running statement knows."""
        found = exp.Case(this=exp.Lower(this=name.copy()))
        for one, value in self._settings.all():
            found = found.when(exp.Literal.string(one.lower()), exp.Literal.string(value))
        return found

    def _cast(self, node: exp.Expr) -> exp.Expr:
        assert isinstance(node, exp.Cast)
        name = node.to.sql(dialect="postgres").lower().replace("pg_catalog.", "").replace('"', "")
        plain = node.this
        to_number, to_name = _REG.get(name, ("", ""))
        if to_number:
            is_text = plain.is_string or isinstance(plain, (exp.Parameter, exp.Placeholder))
            return _ours(to_number if is_text else to_name, plain.copy())
        is_function = isinstance(plain, exp.Dot) and plain.expression.name == "_function_name"
        if name == "oid" and is_function:
            return _ours("_function_number", *plain.expression.expressions)
        if name in ("text", "varchar") and isinstance(plain, exp.Dot):
            to_name = _NAMES.get(plain.expression.name, "")
            return _ours(to_name, plain.copy()) if to_name else node
        kind = _CASTS.get(name)
        return exp.cast(plain.copy(), kind, dialect="duckdb") if kind else node

    def _collate(self, node: exp.Expr) -> exp.Expr:
        assert isinstance(node, exp.Collate)
        compared: exp.Expr = node.this.copy()
        return compared

    def _bracket(self, node: exp.Expr) -> exp.Expr:
        """Count from 1 in the vectors of indexes, which PostgreSQL counts from 0."""
        assert isinstance(node, exp.Bracket)
        if node.this.name.lower() in _VECTORS and len(node.expressions) == 1:
            [place] = node.expressions
            is_number = isinstance(place, (exp.Literal, exp.Neg))
            one = exp.Literal.number(1)
            moved = exp.Literal.number(int(place.to_py()) + 1) if is_number else place + one
            node.set("expressions", [moved])
        return node

    def _operator(self, node: exp.Expr) -> exp.Expr:
        assert isinstance(node, exp.Operator)
        name = node.text("operator").rsplit(".", 1)[-1].strip()
        left, right = node.this.copy(), node.expression.copy()
        return _operated(name, left, right)

    def _matches(self, node: exp.Expr) -> exp.Expr:
        """Write ~ and ~* as searches: DuckDB's ~ wants the whole text to match."""
        is_folded = isinstance(node, exp.RegexpILike)
        return _operated("~*" if is_folded else "~", node.this.copy(), node.expression.copy())


_REWRITES: dict[type[exp.Expr], Callable[[Rewriter, exp.Expr], exp.Expr]] = {
    exp.Table: Rewriter._table,
    exp.Column: Rewriter._column,
    exp.Dot: Rewriter._dot,
    exp.Bracket: Rewriter._bracket,
    exp.Collate: Rewriter._collate,
    exp.Operator: Rewriter._operator,
    exp.RegexpLike: Rewriter._matches,
    exp.RegexpILike: Rewriter._matches,
    exp.TryCast: lambda _, node: node,
    exp.Cast: Rewriter._cast,
    exp.Func: Rewriter._function,
}
"""What is done with the parts of a statement; the first kind that fits counts."""

_ENDING = ("pg_cancel_backend", "pg_terminate_backend")

_VECTORS = ("indkey", "indoption", "indclass", "indcollation")

_SYNONYMS = {
    "json_build_object": "json_object",
    "jsonb_build_object": "json_object",
    "json_build_array": "json_array",
    "jsonb_build_array": "json_array",
    "json_agg": "json_group_array",
    "jsonb_agg": "json_group_array",
    "json_object_agg": "json_group_object",
    "jsonb_object_agg": "json_group_object",
    "to_jsonb": "to_json",
    "btrim": "trim",
    "clock_timestamp": "get_current_timestamp",
    "statement_timestamp": "get_current_timestamp",
}
"""Functions that DuckDB has by another name."""

_REG = {
    "regclass": ("_relation_oid", "_relation_name"),
    "regtype": ("_type_number", "_type_name"),
    "regproc": ("_function_name", "_function_name"),
    "regprocedure": ("_function_name", "_function_name"),
    "regnamespace": ("_schema_number", "_schema_name"),
    "regrole": ("pg_get_userbyid", "pg_get_userbyid"),
}
"""Types that stand for numbers: what finds the number of a name, and the name of a number."""

_NAMES = {number: name for number, name in _REG.values() if number != name}

_CASTS = {
    "oid": "BIGINT",
    "name": "VARCHAR",
    "char": "VARCHAR",
    "text": "VARCHAR",
    "int2vector": "VARCHAR",
    "oidvector": "VARCHAR",
    "name[]": "VARCHAR[]",
    "text[]": "VARCHAR[]",
    "oid[]": "BIGINT[]",
    "information_schema.sql_identifier": "VARCHAR",
    "aclitem[]": "VARCHAR[]",
}


def _ours(name: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Dot.build(
        [
            exp.to_identifier("ecomsql"),
            exp.to_identifier("postgres"),
            exp.Anonymous(this=name, expressions=list(arguments)),
        ]
    )


def _title(node: exp.Expr) -> str | None:
    """Return what PostgreSQL calls the column of an expression that has no name of its own."""
    if isinstance(node, exp.Column):
        return node.name
    if isinstance(node, exp.Cast):
        return _title(node.this) or node.to.sql(dialect="postgres").lower().rsplit(".", 1)[-1]
    if isinstance(node, exp.Dot):
        return _title(node.expression)
    if isinstance(node, exp.Anonymous):
        return node.name.lower()
    names = {"current_version": "version"}
    name = node.sql_name().lower() if isinstance(node, exp.Func) else None
    return names.get(name or "", name)


def _operated(name: str, left: exp.Expr, right: exp.Expr) -> exp.Expr:
    is_not, bare = name.startswith("!"), name.lstrip("!")
    if bare in ("~", "~*"):
        flags = [exp.Literal.string("i")] if bare == "~*" else []
        found: exp.Expr = exp.Anonymous(this="regexp_matches", expressions=[left, right, *flags])
        return exp.Not(this=found) if is_not else found
    kinds: dict[str, type[exp.Binary]] = {
        "=": exp.EQ,
        "<>": exp.NEQ,
        "<": exp.LT,
        ">": exp.GT,
        "<=": exp.LTE,
        ">=": exp.GTE,
        "+": exp.Add,
        "-": exp.Sub,
        "||": exp.DPipe,
        "~~": exp.Like,
    }
    kind = kinds.get(name)
    return exp.Paren(this=kind(this=left, expression=right)) if kind else exp.Null()
