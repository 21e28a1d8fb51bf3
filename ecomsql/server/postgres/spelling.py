"""PostgreSQL's spellings for DuckDB: what its parser, functions and catalogue lack.

A statement goes to DuckDB as it is, unless it asks the catalogue of PostgreSQL, calls a function or
uses an operator that DuckDB has not, or cannot be parsed: then sqlglot reads it as PostgreSQL's SQL
and writes DuckDB's.
"""

from __future__ import annotations

import logging
import re
from functools import cache

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from ecomsql import catalogue
from ecomsql.server.postgres.calls import put_right
from ecomsql.server.postgres.catalogue import FUNCTIONS_QUERY
from ecomsql.server.postgres.rewriting import Rewriter
from ecomsql.server.postgres.settings import Settings

# It would tell of every array's subscript.
logging.getLogger("sqlglot").setLevel(logging.ERROR)

_ASKS_CATALOGUE = re.compile(
    r"\bpg_\w+|\binformation_schema\b|::\s*\"?(?:reg\w+|name|char\b|oid|int2vector)"
    r"|\bversion\s*\(|\b(?:current|session)_user\b|\bcurrent_setting\b|\bset_config\b"
    r"|\b(?:obj|col|shobj)_description\b|\bformat_type\b|\bcurrent_role\b|\bcurrent_catalog\b"
    r"|\bhas_\w+_privilege\b|\bto_reg\w+\b|\btxid_current\b|\binet_\w+\b|\bquote_ident\b",
    re.IGNORECASE,
)
_OPERATORS = re.compile(r"!?~\*|!~|\bSIMILAR\s+TO\b|\bOPERATOR\s*\(", re.IGNORECASE)
_QUOTED = re.compile(r"'(?:[^']|'')*'", re.DOTALL)
_STRINGS = re.compile(r"'(?:[^']|'')*'|\$(\w*)\$.*?\$\1\$", re.DOTALL)
_OID_ARRAYS = re.compile(r"::\s*(?:pg_catalog\.)?(?:oid|regclass)\[\]")
_CALLS = re.compile(r"(?<![\w.\"])([A-Za-z_]\w*)\s*\(")


class Spelling:
    """Turns the statements of one session into DuckDB's."""

    _functions: frozenset[str] = frozenset()

    def __init__(self, con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
        self._con = con
        self._rewriter = Rewriter(settings)

    def statements(self, sql: str) -> tuple[list[duckdb.Statement], bool]:
        """Return the statements of DuckDB for one of the client; more than one for PIVOT.

        The second value tells whether the client asks PostgreSQL's catalogue.

        Raises
        ------
        duckdb.ParserException
            Neither of the two languages has it.
        """
        sql = put_right(sql)
        bare = _without_strings(sql)
        is_catalogue = _ASKS_CATALOGUE.search(bare) is not None
        if is_catalogue or _OPERATORS.search(bare) or self._lacks(bare):
            rewritten = self._rewritten(sql)
            if rewritten is not None:
                return self._con.extract_statements(rewritten), is_catalogue
        try:
            return self._con.extract_statements(sql), False
        except duckdb.Error as error:
            rewritten = self._rewritten(sql)
            if rewritten is None:
                raise
            try:
                return self._con.extract_statements(rewritten), False
            except duckdb.Error:
                raise error from None

    def _rewritten(self, sql: str) -> str | None:
        """Return a statement in DuckDB's language; None if sqlglot cannot read it."""
        try:
            read = _ours().sub(r"_ecomsql_\1", _OID_ARRAYS.sub("::bigint[]", sql))
            trees = [tree for tree in sqlglot.parse(read, read="postgres") if tree is not None]
            if len(trees) != 1 or isinstance(trees[0], exp.Command):
                return None
            written = self._rewriter.rewritten(trees[0]).sql(dialect="duckdb")
            return re.sub(r"_ecomsql_(?=\w+\s*\()", "", written, flags=re.IGNORECASE)
        except (SqlglotError, RecursionError):
            return None

    def _lacks(self, bare: str) -> bool:
        """Whether a function is called that DuckDB does not have and sqlglot may know."""
        called = {name.lower() for name in _CALLS.findall(bare)}
        called -= _KEYWORDS
        if called <= Spelling._functions:
            return False
        Spelling._functions = frozenset(
            name for (name,) in self._con.execute(FUNCTIONS_QUERY).fetchall()
        )
        return not called <= Spelling._functions


def _without_strings(sql: str) -> str:
    """Return a statement whose texts are empty; very many dollars are left as they are."""
    # For each of them the rest is searched for its like.
    is_quick = sql.count("$") * len(sql) < 10**8
    return (_STRINGS if is_quick else _QUOTED).sub("''", sql)


@cache
def _ours() -> re.Pattern[str]:
    """Return what finds calls of our functions: other databases have a ``predict`` of their own."""
    names = "|".join(function.name for function in catalogue.functions())
    return re.compile(rf"\b((?:{names})\s*\()", re.IGNORECASE)


_KEYWORDS = frozenset(
    "in values exists any all some select from where and or not on using over filter as with case"
    " when then else by having union except intersect into table returning join lateral cast"
    " try_cast extract interval array row columns exclude replace rename struct map coalesce nullif"
    " if position substring trim overlay grouping cube rollup sets unpack primary key unique check"
    " foreign references index partition order group limit offset pivot unpivot within sample"
    " decimal numeric varchar char character bit timestamp time date like ilike between is set"
    " distinct conflict materialized recursive explain analyze copy to".split()
)
