"""Errors as PostgreSQL's clients know them: a SQLSTATE, a message, a hint, a place."""

from __future__ import annotations

import re

import duckdb
import pyarrow as pa

from ecomsql.error_text import said
from ecomsql.errors import EcomsqlError
from ecomsql.server.policy import ForbiddenError

CANCELLED = "57014"
IN_FAILED_TRANSACTION = "25P02"
BROKEN = "57P02"
"""DuckDB has met an error after which it answers nothing more: it has to be opened again."""


class PostgresError(Exception):
    """An error with its SQLSTATE.

    Parameters
    ----------
    code : str
        SQLSTATE, five letters; PostgreSQL's documentation lists them in its appendix A.
    message : str
        What was wrong, in one line.
    hint, detail : str, optional
        What would be right; what else there is to know.
    position : int
        Letter of the SQL at which it went wrong, from 1; 0 if unknown.
    severity : str
        ERROR ends the command, FATAL the connection.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        hint: str | None = None,
        detail: str | None = None,
        position: int = 0,
        severity: str = "ERROR",
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.hint, self.detail = code, message, hint, detail
        self.position, self.severity = position, severity


_CODES: tuple[tuple[str, str, str], ...] = (
    # Class of the error, what its text holds (a regular expression), SQLSTATE.
    ("ConstraintException", r"(?i)duplicate key|primary key|unique", "23505"),
    ("ConstraintException", r"(?i)not null", "23502"),
    ("ConstraintException", r"(?i)foreign key", "23503"),
    ("ConstraintException", r"(?i)check", "23514"),
    ("ConstraintException", "", "23000"),
    ("CatalogException", r"Table .*already exists|View .*already exists", "42P07"),
    ("CatalogException", r"Schema .*already exists", "42P06"),
    ("CatalogException", r"already exists", "42710"),
    ("CatalogException", r"Schema with name|schema .*does not exist", "3F000"),
    ("CatalogException", r"Catalog .*does not exist|database .*does not exist", "3D000"),
    ("CatalogException", r"(Function|Macro) with name|unction .*does not exist", "42883"),
    ("CatalogException", r"Type with name", "42704"),
    ("CatalogException", r"unrecognized configuration parameter", "42704"),
    ("CatalogException", r"Table with name|Table .*does not exist|View with name", "42P01"),
    ("CatalogException", r"read-only", "25006"),
    ("CatalogException", "", "42704"),
    ("BinderException", r"Referenced column|does not have a column|not found in FROM", "42703"),
    ("BinderException", r"Referenced table", "42P01"),
    ("BinderException", r"(?i)ambiguous", "42702"),
    ("BinderException", r"must appear in the GROUP BY|GROUP BY clause", "42803"),
    ("BinderException", r"No function matches|does not support the supplied arg", "42883"),
    ("BinderException", r"Catalog .*does not exist", "3D000"),
    ("BinderException", "", "42601"),
    ("InvalidInputException", r"read-only", "25006"),
    ("TransactionException", r"aborted", IN_FAILED_TRANSACTION),
    ("TransactionException", r"(?i)conflict", "40001"),
    ("TransactionException", r"within a transaction", "25001"),
    ("TransactionException", r"no transaction is active", "25P01"),
    ("TransactionException", "", "25000"),
    ("ParserException", "", "42601"),
    ("SyntaxException", "", "42601"),
    ("ConversionException", r"(?i)date|timestamp", "22007"),
    ("ConversionException", r"(?i)out of range|overflow", "22003"),
    ("ConversionException", "", "22P02"),
    ("OutOfRangeException", r"(?i)divi", "22012"),
    ("OutOfRangeException", "", "22003"),
    ("InterruptException", "", CANCELLED),
    ("PermissionException", "", "42501"),
    ("TypeMismatchException", "", "42804"),
    ("InvalidTypeException", "", "42804"),
    ("NotImplementedException", "", "0A000"),
    ("OutOfMemoryException", "", "53200"),
    ("DependencyException", "", "2BP01"),
    ("SequenceException", "", "55000"),
    ("IOException", "", "58030"),
    ("HTTPException", "", "58030"),
    ("InvalidInputException", "", "22023"),
    ("InternalException", "", "XX000"),
)

_STREAMED = re.compile(r"((?:[A-Z][A-Za-z]*|of)(?: (?:[A-Z][A-Za-z]*|of))*) Error: ")
"""Beginning of DuckDB's message in an error of Arrow: ``INTERRUPT Error: ``."""

_INVALID = "database has been invalidated because of a previous fatal error"
_KIND = re.compile(r"^(?:\w+ )*(?:Error|ERROR): (?:\w+Exception: )?")
_PLACE = re.compile(r"^LINE (\d+): (.*)\n( *)\^", re.MULTILINE)
_NAMED = re.compile(r'"([^"]+)" (?:was )?not found|with name (\S+) does not exist')
_HINT = re.compile(
    r"(?:; )?((?:[Dd]id you mean|Candidate bindings|Candidate functions).*)", re.DOTALL
)


def translated(error: BaseException, sql: str = "") -> PostgresError:
    """Return an error of DuckDB or ecomsql as one that clients understand.

    Parameters
    ----------
    error : BaseException
        What was raised.
    sql : str
        The statement that was run, to find the place in.
    """
    if isinstance(error, PostgresError):
        return error
    if isinstance(error, ForbiddenError):
        return _parted("42501", str(error))
    if isinstance(error, EcomsqlError):
        return _parted("22023", str(error))
    if isinstance(error, MemoryError):
        return PostgresError("53200", "out of memory")
    raw = str(error)
    kind = _kind(error, raw)
    if kind is None:
        return PostgresError("XX000", f"{type(error).__name__}: {error}")
    if kind == "FatalException" or _INVALID in raw:
        return PostgresError(
            BROKEN,
            "the database failed and is opened again",
            detail=raw.partition("\n")[0],
            hint="Connect again; what was committed is kept.",
            severity="FATAL",
        )
    told = said(raw)
    if told.is_ours:
        is_stopped = told.text == "stopped on request"
        code = "42501" if f"{ForbiddenError.__name__}: " in raw else "22023"
        return _cancelled() if is_stopped else _parted(code, told.text)
    if kind == "InterruptException":
        return _cancelled()
    text = _KIND.sub("", told.text)
    place = _PLACE.search(text)
    body = text[: place.start()] if place else text
    code = _code(kind, _KIND.sub("", raw))
    return _parted(code, body, _position(place, sql) if place else _named_position(body, sql))


def _kind(error: BaseException, text: str) -> str | None:
    """Return the class of an error of DuckDB, also of one that comes out of a stream of rows."""
    if isinstance(error, duckdb.Error):
        return type(error).__name__
    found = _STREAMED.match(text)
    if found is None or not isinstance(error, (OSError, pa.ArrowException)):
        return None
    words = "".join(word[:1].upper() + word[1:].lower() for word in found[1].split())
    return "IOException" if words == "Io" else f"{words}Exception"


def _cancelled() -> PostgresError:
    return PostgresError(CANCELLED, "canceling statement due to user request")


def _code(kind: str, text: str) -> str:
    for name, pattern, code in _CODES:
        if name == kind and re.search(pattern, text):
            return code
    return "XX000"


def _parted(code: str, text: str, position: int = 0) -> PostgresError:
    """Part what was wrong from what would be right."""
    found = _HINT.search(text)
    body, hint = (text[: found.start()], found[1]) if found else (text, "")
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    return PostgresError(
        code,
        lines[0] if lines else "unknown error",
        detail="\n".join(lines[1:]) or None,
        hint=" ".join(hint.split()) or None,
        position=position,
    )


def _named_position(text: str, sql: str) -> int:
    """Return where the name stands that a message says is not there; 0 if nowhere."""
    named = _NAMED.search(text)
    word = named and re.search(rf"(?<!\w){re.escape(named[1] or named[2])}(?!\w)", sql)
    return word.start() + 1 if word else 0


def _position(place: re.Match[str], sql: str) -> int:
    """Return where in `sql` the caret of DuckDB's message points to; 0 if that cannot be said."""
    lines = sql.splitlines(keepends=True)
    number = int(place[1])
    if number > len(lines) or lines[number - 1].rstrip("\r\n") != place[2]:
        return 0
    column = len(place[3]) - len(f"LINE {number}: ")
    return sum(len(line) for line in lines[: number - 1]) + column + 1
