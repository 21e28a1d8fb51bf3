"""COPY ... TO STDOUT: a query whose one column is a line of the file, made by DuckDB."""

from __future__ import annotations

import re
from dataclasses import dataclass

from duckdb.sqltypes import DuckDBPyType

from ecomsql.server.postgres.errors import PostgresError
from ecomsql.server.postgres.text_values import text_sql


@dataclass(slots=True)
class Format:
    """How the lines are written."""

    name: str = "text"
    header: bool = False
    delimiter: str | None = None
    null: str | None = None
    quote: str = '"'
    escape: str | None = None
    force_quote: bool = False

    @property
    def between(self) -> str:
        """What stands between two values."""
        return self.delimiter if self.delimiter is not None else "," if self.name == "csv" else "\t"

    @property
    def nothing(self) -> str:
        """What stands for NULL."""
        return self.null if self.null is not None else "" if self.name == "csv" else "\\N"


_TOKEN = re.compile(r"[eE]?'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\w+|\*|[(),]")
_FLAGS = ("header", "binary", "csv")
_VALUES = ("format", "delimiter", "null", "quote", "escape", "encoding", "force_quote")


def parse_options(text: str) -> Format:
    """Read what stands behind STDOUT, in the new spelling or the old.

    Raises
    ------
    PostgresError
        An option that does not exist, or a value that cannot be.
    """
    tokens = [token for token in _TOKEN.findall(text) if token not in ("(", ")", ",")]
    form = Format()
    while tokens:
        word = tokens.pop(0).lower()
        if word in ("with", "as", "delimiters"):
            continue
        if word == "force":
            word = f"force_{tokens.pop(0).lower()}" if tokens else word
        if word in _FLAGS:
            _set_flag(form, word, tokens)
        elif word in _VALUES and tokens:
            if tokens[0].lower() == "as":
                tokens.pop(0)
            _set_value(form, word, tokens)
        else:
            raise PostgresError("42601", f'option "{word}" of COPY is not recognized')
    _check(form)
    return form


_TABLE = re.compile(r"(?P<table>[^()]+)(?:\((?P<columns>[^()]*)\))?", re.DOTALL)


def query(what: str) -> str:
    """Return the query of what is copied: one in parentheses, or a table, perhaps some columns."""
    if what.startswith("("):
        return what[1:-1]
    found = _TABLE.fullmatch(what.strip())
    if found is None:
        raise PostgresError("42601", "COPY TO takes a table or a query in parentheses")
    return f"SELECT {found['columns'] or '*'} FROM {found['table']}"


def line_sql(form: Format, kinds: list[DuckDBPyType]) -> str:
    """Return an expression for the line of a row whose columns are #1, #2, ..."""
    values = [
        _csv_sql(form, text_sql(kind, f"#{at}"))
        if form.name == "csv"
        else _text_sql(form, text_sql(kind, f"#{at}"))
        for at, kind in enumerate(kinds, start=1)
    ]
    between = f" || {quoted(form.between)} || "
    return f"{between.join(values)} || chr(10)"


def header_line(form: Format, names: list[str]) -> str:
    """Return the line with the names of the columns."""
    if form.name != "csv":
        return form.between.join(names) + "\n"
    return form.between.join(_csv(form, name) for name in names) + "\n"


def quoted(text: str) -> str:
    """Return a text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def _csv(form: Format, value: str) -> str:
    needs = value == form.nothing or any(
        one in value for one in (form.between, form.quote, "\n", "\r")
    )
    escape = form.escape or form.quote
    inner = value.replace(form.quote, escape + form.quote)
    return f"{form.quote}{inner}{form.quote}" if needs else value


def _csv_sql(form: Format, value: str) -> str:
    quote, escape = quoted(form.quote), form.escape or form.quote
    inner = (
        value
        if escape == form.quote
        else f"replace({value}, {quoted(escape)}, {quoted(escape * 2)})"
    )
    inside = f"replace({inner}, {quote}, {quoted(escape + form.quote)})"
    marks = [quoted(form.between), quote, "chr(10)", "chr(13)"]
    tests = [f"contains({value}, {mark})" for mark in marks]
    needs = (
        "true" if form.force_quote else f"{value} = {quoted(form.nothing)} OR {' OR '.join(tests)}"
    )
    return (
        f"coalesce(CASE WHEN {needs} THEN {quote} || {inside} || {quote} ELSE {value} END,"
        f" {quoted(form.nothing)})"
    )


def _text_sql(form: Format, value: str) -> str:
    escapes = [
        (quoted("\\"), quoted("\\\\")),
        ("chr(10)", quoted("\\n")),
        ("chr(13)", quoted("\\r")),
        (quoted(form.between), quoted("\\t" if form.between == "\t" else "\\" + form.between)),
    ]
    for what, by in escapes:
        value = f"replace({value}, {what}, {by})"
    return f"coalesce({value}, {quoted(form.nothing)})"


def _set_flag(form: Format, word: str, tokens: list[str]) -> None:
    is_on = True
    if (
        word == "header"
        and tokens
        and tokens[0].lower() in ("true", "false", "on", "off", "1", "0")
    ):
        is_on = tokens.pop(0).lower() in ("true", "on", "1")
    if word == "header":
        form.header = is_on
    else:
        form.name = word


def _set_value(form: Format, word: str, tokens: list[str]) -> None:
    value = _unquoted(tokens.pop(0))
    if word == "format":
        form.name = value.lower()
    elif word == "force_quote":
        if value != "*":
            raise PostgresError("0A000", "FORCE_QUOTE takes * here, for every column")
        form.force_quote = True
    elif word == "encoding":
        if value.upper().replace("-", "") != "UTF8":
            raise PostgresError("22023", f'the encoding "{value}" is not supported; there is UTF8')
    else:
        setattr(form, word, value)


def _unquoted(token: str) -> str:
    if token[:1] in ("e", "E") and token[1:2] == "'":
        inner = token[2:-1].replace("''", "'")
        return inner.replace("\\t", "\t").replace("\\\\", "\\")
    return token[1:-1].replace("''", "'") if token[:1] in ("'", '"') else token


def _check(form: Format) -> None:
    if form.name not in ("text", "csv", "binary"):
        raise PostgresError("22023", f'COPY format "{form.name}" not recognized')
    for what in ("between", "quote"):
        if len(getattr(form, what)) != 1:
            raise PostgresError("22023", "delimiter and quote of COPY are single letters")
    if form.between in ("\n", "\r", "\\") or (form.name == "csv" and form.between == form.quote):
        raise PostgresError("22023", "the delimiter of COPY cannot be what ends a line or a value")
