"""One session's side of DuckDB: its cursor, its transaction, its statements.

Everything here blocks and runs on a thread of the server's pool, one call at a time; only
:meth:`Engine.cancel` may be called from elsewhere meanwhile.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa
from duckdb.sqltypes import DuckDBPyType

from ecomsql.server.database import Database
from ecomsql.server.postgres import commands, copy_out, inference
from ecomsql.server.postgres.answers import Answer, Result, Rows, Table, copied
from ecomsql.server.postgres.errors import (
    BROKEN,
    CANCELLED,
    IN_FAILED_TRANSACTION,
    PostgresError,
    translated,
)
from ecomsql.server.postgres.messages import Column
from ecomsql.server.postgres.parameters import UNTYPED, decoded
from ecomsql.server.postgres.settings import Settings
from ecomsql.server.postgres.spelling import Spelling
from ecomsql.server.postgres.statements import CHANGES, Plan, is_too_deep, split, tag, verb_of
from ecomsql.server.postgres.types import TYPES
from ecomsql.server.postgres.writers import writer

DEEPEST = 2000
"""Brackets of a text that may be open at once; DuckDB's expressions have 1,000 levels at most."""

IDLE, IN_TRANSACTION, FAILED = "I", "T", "E"
"""Where a session is, as the protocol says it."""


@dataclass(slots=True)
class Savepoint:
    """A savepoint, and how much the transaction had written by then."""

    name: str
    changes: int


@dataclass(slots=True)
class Cursor:
    """A cursor that was declared in SQL."""

    answer: Rows
    outlives_transaction: bool = False


@dataclass(slots=True)
class Work:
    """The transaction of a session."""

    status: str = IDLE
    is_implicit: bool = False
    """Whether the server began it, for the commands up to the next Sync."""
    changes: int = 0
    savepoints: list[Savepoint] = field(default_factory=list)


class Engine:
    """Runs the statements of one session.

    Parameters
    ----------
    database : Database
        The server's DuckDB.
    settings : Settings
        Of the session.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database, self.settings = database, settings
        self.session = database.session()
        self.work = Work()
        self.notices: list[PostgresError] = []
        self.cursors: dict[str, Cursor] = {}
        self.statements: dict[str, Plan] = {}
        self._spelling = Spelling(self.session.con, settings)
        self._open: Answer | None = None
        self._lock = threading.Lock()
        self.time_zone_changed = False
        self._is_busy = self._is_running = False
        self._why: str | None = None

    # Statements.

    def script(self, text: str) -> list[Plan]:
        """Understand the statements of a text."""
        if is_too_deep(text, DEEPEST):
            # DuckDB's parser would use up the stack, and the process would end.
            raise PostgresError("54001", f"more than {DEEPEST} brackets are open at once")
        return [plan for part in split(text) for plan in self._plans(part)]

    def plan(self, sql: str, declared: Sequence[int] = ()) -> Plan:
        """Understand one statement, perhaps with parameters."""
        plans = self.script(sql)
        if len(plans) > 1:
            raise PostgresError(
                "42601", "cannot insert multiple commands into a prepared statement"
            )
        plan = plans[0]
        plan.declared = list(declared)
        plan.parameters = max(plan.parameters, len(plan.declared))
        return plan

    def _plans(self, sql: str) -> list[Plan]:
        found = commands.find(self, sql)
        if found is not None:
            return [found]
        statements, is_catalogue = self._spelling.statements(sql)
        if not statements:
            return [Plan(sql)]
        return [self._plan(sql, one, is_catalogue=is_catalogue) for one in statements]

    def _plan(self, sql: str, statement: duckdb.Statement, *, is_catalogue: bool) -> Plan:
        try:
            kind = statement.type.name
        except ValueError as error:
            # DuckDB has more types of statements than its Python package knows.
            raise PostgresError("0A000", "statements of this type are not supported") from error
        self.database.policy.check(statement, sql)
        names = statement.named_parameters
        if any(not name.isdigit() for name in names):
            raise PostgresError("42601", "parameters are numbered: $1, $2, ...")
        return Plan(
            sql,
            statement,
            verb=verb_of(statement.query, kind),
            is_catalogue=is_catalogue,
            parameters=max((int(name) for name in names), default=0),
        )

    # Parameters and columns, before anything runs.

    def parameter_types(self, plan: Plan) -> list[int]:
        """Return the numbers of the types of a statement's parameters: said, else inferred."""
        found = []
        for number in range(1, plan.parameters + 1):
            said = plan.declared[number - 1] if number <= len(plan.declared) else 0
            found.append(said or self._oid(plan, number))
        return found

    def _oid(self, plan: Plan, number: int) -> int:
        kind = self._inferred(plan).get(number)
        return writer(kind or inference.UNKNOWN, is_catalogue=plan.is_catalogue).type.oid

    def values(
        self, plan: Plan, data: Sequence[bytes | None], formats: Sequence[int]
    ) -> dict[str, Any]:
        """Return the values that a client sends, by the numbers of their parameters."""
        if len(data) != plan.parameters:
            raise PostgresError(
                "08P01",
                f"{len(data)} values were bound, and the statement has {plan.parameters} parameters",
            )
        return {
            str(number): self._value(plan, number, one, form)
            for number, (one, form) in enumerate(zip(data, formats, strict=True), start=1)
        }

    def _value(self, plan: Plan, number: int, data: bytes | None, form: int) -> Any:
        said = plan.declared[number - 1] if number <= len(plan.declared) else 0
        if said in UNTYPED:
            wanted = self._inferred(plan).get(number, inference.UNKNOWN)
            kind = TYPES[said or self._oid(plan, number)]
            return decoded(data, form, kind, wanted)
        if said not in TYPES:
            raise PostgresError("42704", f"parameter ${number} has an unknown type: {said}")
        kind = TYPES[said]
        return decoded(data, form, kind, duckdb.sqltype(kind.duckdb))

    def _inferred(self, plan: Plan) -> dict[int, DuckDBPyType]:
        if plan.types is None:
            assert plan.statement is not None
            plan.types = {
                **inference.argument_types(plan.statement.query),
                **inference.cast_types(plan.statement.query),
                **inference.parameter_types(self.session.con, plan.statement.query),
            }
        return plan.types

    def columns(self, plan: Plan) -> Sequence[Column] | None:
        """Return the columns of a statement that is not bound yet; None: it has none."""
        if plan.is_empty:
            return None
        if plan.statement is None:
            return commands.columns(self, plan)
        nulls = {
            str(number): duckdb.Value(None, self._inferred(plan).get(number, inference.UNKNOWN))
            for number in range(1, plan.parameters + 1)
        }
        if plan.kind == "SELECT":
            return self._relation(plan.statement, nulls, plan.is_catalogue).columns
        query = inference.returning(plan.statement.query) if plan.kind in CHANGES else None
        if query is not None:
            [statement] = self.session.con.extract_statements(query)
            used = {name: nulls[name] for name in statement.named_parameters}
            return self._relation(statement, used).columns
        if plan.has_rows:
            raise PostgresError(
                "0A000",
                f"{plan.verb} cannot be described before it runs",
                hint="Send it as a simple query.",
            )
        return None

    # Running.

    def answer(self, plan: Plan, values: dict[str, Any]) -> Answer:
        """Run a statement, or get a query ready, which runs when its answer is opened.

        Raises
        ------
        PostgresError
            As clients understand it; an open transaction has failed then.
        """
        if self.work.status == FAILED and not plan.ends_transaction:
            raise PostgresError(
                IN_FAILED_TRANSACTION,
                "current transaction is aborted, commands ignored until end of transaction block",
                hint="ROLLBACK ends it.",
            )
        self.release()
        if plan.command is not None:
            answer: Answer = plan.command()
        elif plan.statement is None:
            return Answer("")
        elif plan.has_rows:
            answer = self._query(plan, values)
        else:
            answer = self._change(plan, values)
        return answer

    def _query(self, plan: Plan, values: dict[str, Any]) -> Answer:
        assert plan.statement is not None
        result = self._relation(plan.statement, values, plan.is_catalogue)
        result.tag = plan.verb
        if plan.kind == "EXPLAIN":
            return self._explained(result)
        self._open = result
        return result

    def _relation(
        self, statement: duckdb.Statement, values: dict[str, Any], is_catalogue: bool = False
    ) -> Result:
        con = self.session.con
        relation = con.sql(statement, params=values) if values else con.sql(statement)
        if relation is None:
            raise PostgresError("0A000", f"{statement.type.name} has no rows")
        return Result("SELECT", relation, is_catalogue=is_catalogue)

    def _explained(self, result: Result) -> Answer:
        """Return a plan the way PostgreSQL's clients show it: one column, a row for each line."""
        text = result.texts()
        return Table(
            "EXPLAIN", ["QUERY PLAN"], [[line] for part in text for line in part.split("\n")]
        )

    def _change(self, plan: Plan, values: dict[str, Any]) -> Answer:
        con, statement = self.session.con, plan.statement
        assert statement is not None
        if plan.kind in CHANGES:
            self.begin_implicitly()
            self.work.changes += 1
        done = con.execute(statement, values) if values else con.execute(statement)
        names = [column[0] for column in done.description or []]
        if plan.kind in ("INSERT", "UPDATE", "DELETE", "MERGE_INTO") and names != ["Count"]:
            table: pa.Table = done.to_arrow_table()
            result = Result(tag(plan.verb, table.num_rows), con.from_arrow(table))
            self._open = result
            return result
        rows = done.fetchall()
        self.session.after(statement)
        counts = plan.kind in ("INSERT", "UPDATE", "DELETE", "MERGE_INTO", "COPY")
        is_select = plan.kind == "CREATE" and names == ["Count"] and bool(rows)
        if is_select:
            return Answer(tag("SELECT", int(rows[0][0])))
        return Answer(tag(plan.verb, int(rows[0][0]) if counts and rows else None))

    def opened(self, answer: Answer, formats: Sequence[int]) -> None:
        """Begin to read an answer."""
        if answer is not self._open:
            self.release()
        answer.open(formats)
        if answer.columns is not None:
            self._open = answer

    def release(self) -> None:
        """Let another statement use the connection: what is being read is held in memory."""
        if self._open is not None:
            answer, self._open = self._open, None
            answer.keep()

    def closed(self, answer: Answer) -> None:
        """End an answer; its rows that are left are not read."""
        answer.close()
        if answer is self._open:
            self._open = answer.behind

    # Transactions.

    def begin_implicitly(self) -> None:
        """Begin a transaction that ends with the client's next Sync, unless one is open."""
        if self.work.status == IDLE:
            self.begin()
            self.work.is_implicit = True

    def begin(self, mode: str = "") -> None:
        """Begin a transaction; `mode`: what DuckDB takes behind the word."""
        self.session.con.execute(f"BEGIN TRANSACTION {mode}")
        self.work = Work(IN_TRANSACTION)

    def commit(self) -> bool:
        """End the transaction; return whether it was kept: a failed one is rolled back."""
        if self.work.status == FAILED:
            self.rollback()
            return False
        try:
            self._close_cursors()
            self.session.con.execute("COMMIT")
        except BaseException:
            self.rollback()
            raise
        self.work = Work()
        return True

    def rollback(self) -> None:
        """Undo the transaction."""
        self.work = Work()
        self._close_cursors(all_of_them=True)
        try:
            self.session.con.execute("ROLLBACK")
        except duckdb.TransactionException:
            # DuckDB has ended it already.
            return

    def failed(self, error: BaseException, sql: str = "") -> PostgresError:
        """Take note that a statement failed; return the error as clients understand it."""
        found = translated(error, sql)
        try:
            if self._open is not None:
                self.closed(self._open)
        except Exception as later:
            self._open = None
            if translated(later).code == BROKEN:
                found = translated(later)
        if self.work.status == IN_TRANSACTION:
            self.work.status = FAILED
        if found.code == CANCELLED and self._why:
            found.message = self._why
        if found.code == BROKEN:
            self.database.is_broken = True
        return found

    def sync(self) -> None:
        """End what the server began by itself."""
        if self.work.is_implicit:
            self.commit()
        elif self.work.status == IDLE:
            self._close_cursors()

    def _close_cursors(self, *, all_of_them: bool = False) -> None:
        for name, cursor in list(self.cursors.items()):
            if cursor.outlives_transaction and not all_of_them:
                cursor.answer.keep()
            else:
                self.closed(cursor.answer)
                del self.cursors[name]

    # Savepoints, which DuckDB has not: they hold as long as nothing has to be undone.

    def add_savepoint(self, name: str) -> None:
        """Remember a place in the transaction."""
        if self.work.status != IN_TRANSACTION or self.work.is_implicit:
            raise PostgresError("25P01", "SAVEPOINT can only be used in transaction blocks")
        self.work.savepoints.append(Savepoint(name, self.work.changes))

    def release_savepoint(self, name: str) -> None:
        """Forget a savepoint and those after it."""
        del self.work.savepoints[self._savepoint(name) :]

    def rollback_to(self, name: str) -> None:
        """Return to a savepoint.

        Raises
        ------
        PostgresError
            Something was written since, or before in a transaction that DuckDB has ended.
        """
        at = self._savepoint(name)
        point = self.work.savepoints[at]
        is_lost = self.work.status == FAILED and self.work.changes > 0
        if is_lost or self.work.changes > point.changes:
            self.work.status = FAILED
            raise PostgresError(
                "0A000",
                "what was written since the savepoint cannot be undone alone",
                hint="DuckDB has no savepoints: ROLLBACK undoes the whole transaction.",
            )
        kept = self.work.savepoints[: at + 1]
        if self.work.status == FAILED:
            self.rollback()
            self.begin()
        self.work.savepoints = kept

    def _savepoint(self, name: str) -> int:
        for at in reversed(range(len(self.work.savepoints))):
            if self.work.savepoints[at].name == name:
                return at
        raise PostgresError("3B001", f'savepoint "{name}" does not exist')

    # Settings.

    def set(self, name: str, value: str, sql: str | None = None) -> None:
        """Change a setting: one of PostgreSQL's, else one of DuckDB's."""
        lowered, con = name.lower(), self.session.con
        if lowered == "timezone":
            self.time_zone_changed = True
            zone = "UTC" if value.lower() in ("default", "local") else value
            con.execute(f"SET TimeZone = {copy_out.quoted(zone)}")
        elif lowered == "search_path":
            self.session.set_search_path(value)
        elif name in self.settings:
            if value.lower() == "default":
                self.settings.reset(name)
            else:
                self.settings.set(name, value)
        else:
            [statement] = con.extract_statements(sql or f"SET {name} = {copy_out.quoted(value)}")
            self.database.policy.check(statement)
            con.execute(statement)
            self.session.after(statement)

    def start_setting(self, name: str, value: str) -> None:
        """Take a setting of the startup message; what nobody has heard of is left out."""
        lowered = name.lower()
        if lowered == "database":
            try:
                self.session.go_to(value)
            except LookupError as error:
                raise PostgresError("3D000", str(error.args[0])) from None
        elif lowered in ("timezone", "search_path"):
            self.set(name, value)
        elif lowered == "options":
            for one, said in re.findall(r"(?:-c\s*|--)([\w.]+)=((?:\\.|\S)+)", value):
                self.start_setting(one, re.sub(r"\\(.)", r"\1", said))
        elif name in self.settings:
            self.settings.start(name, value)

    def reset(self, name: str | None) -> None:
        """Put a setting, or all, back to what they were at the start."""
        if name is None or name in self.settings:
            self.settings.reset(name)
        if name is None or name.lower() == "timezone":
            self.time_zone_changed = True
            self.session.con.execute("RESET TimeZone")
        if name is None or name.lower() == "search_path":
            self.session.set_search_path("")
        elif name.lower() != "timezone" and name not in self.settings:
            self.set_back(name)

    def set_back(self, name: str) -> None:
        """Reset a setting of DuckDB."""
        [statement] = self.session.con.extract_statements(f"RESET {name}")
        self.database.policy.check(statement)
        self.session.con.execute(statement)

    def setting(self, name: str) -> str:
        """Return a setting's value."""
        if name.lower() == "search_path":
            return self.session.search_path
        if name.lower() != "timezone" and name in self.settings:
            return self.settings.get(name)
        [(value,)] = self.session.con.execute("SELECT current_setting(?)", [name]).fetchall()
        return str(value)

    def show(self, name: str, sql: str) -> Answer:
        """Answer SHOW, also DuckDB's SHOW TABLES and the like."""
        if name.lower() == "all" and sql.upper().split() == ["SHOW", "ALL"]:
            rows = [[one, value, ""] for one, value in self.settings.all()]
            return Table("SHOW", ["name", "setting", "description"], rows)
        if name.lower() in ("tables", "databases", "schemas", "views", "variables"):
            [statement] = self.session.con.extract_statements(sql)
            result = self._relation(statement, {})
            result.tag = "SHOW"
            return result
        title = self.settings.proper_name(name) if name in self.settings else name
        return Table("SHOW", [title], [[self.setting(name)]])

    # Cursors and prepared statements by name.

    def declare(self, name: str, query: str, *, is_held: bool) -> None:
        """Open a cursor on a query."""
        if self.work.status == IDLE and not is_held:
            raise PostgresError("25P01", "DECLARE CURSOR can only be used in transaction blocks")
        if name in self.cursors:
            raise PostgresError("42P03", f'cursor "{name}" already exists')
        plan = self.plan(query)
        if plan.kind != "SELECT" or plan.statement is None:
            raise PostgresError("42601", "a cursor is for a query")
        self.cursors[name] = Cursor(self._relation(plan.statement, {}), is_held)

    def close_cursor(self, name: str) -> None:
        """Close a cursor."""
        self.closed(self.cursors.pop(name).answer)

    def deallocate(self, name: str, sql: str) -> None:
        """Forget a prepared statement: of the protocol, else one that SQL has prepared."""
        if self.statements.pop(name, None) is None:
            self.session.con.execute(sql)

    def deallocate_all(self) -> None:
        """Forget the prepared statements."""
        self.statements.clear()

    def discard_all(self) -> None:
        """Make the session as it was at the start."""
        self._close_cursors(all_of_them=True)
        self.statements.clear()
        self.reset(None)
        self.session.drop_temporary()

    def copy_out(self, what: str, options: str) -> Answer:
        """Get the lines of COPY ... TO STDOUT ready."""
        form = copy_out.parse_options(options)
        plan = self.plan(copy_out.query(what))
        if plan.statement is None or not plan.has_rows:
            raise PostgresError("42601", "COPY TO takes a table or a query")
        relation = self.session.con.sql(plan.statement)
        lines = copied(form, relation)
        self._open = lines
        return lines

    # Ends.

    def busy(self, is_busy: bool) -> None:
        """Say whether a message of the client is answered: only then there is what to cancel."""
        with self._lock:
            self._is_busy, self._why = is_busy, None
            self.session.resume()

    def running(self, is_running: bool) -> None:
        """Say whether a part of the answer runs that can be interrupted.

        Raises
        ------
        PostgresError
            The message was cancelled between two parts.
        """
        with self._lock:
            if is_running and self._why is not None:
                raise PostgresError(CANCELLED, self._why)
            self._is_running = is_running
            if not is_running:
                self.session.resume()

    def cancel(self, why: str = "canceling statement due to user request") -> None:
        """Stop what is done, from another thread; nothing happens when nothing is.

        DuckDB forgets an interruption that comes before a query begins: until :attr:`is_cancelled`
        is seen by what runs, it has to be said again.
        """
        with self._lock:
            if self._is_busy:
                self._why = self._why or why
            if self._is_running:
                self.session.stop()

    @property
    def is_cancelled(self) -> bool:
        """Whether what is done is to end."""
        return self._why is not None

    def close(self) -> None:
        """Undo what is open and free the cursor."""
        try:
            if self._open is not None:
                self.closed(self._open)
            if self.work.status != IDLE:
                self.rollback()
            self._close_cursors(all_of_them=True)
        finally:
            # Commands among them know this engine: it would stay until the collector comes by.
            self.statements.clear()
            self.cursors.clear()
            self._open = None
            self.session.close()
