"""One session's side of DuckDB: its cursor, its transaction, its statements.

Everything here blocks and runs on a thread of the server's pool, one call at a time; only
:meth:`Engine.cancel` may be called from elsewhere meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa
from duckdb.sqltypes import DuckDBPyType

from ecomsql.server.database import Database
from ecomsql.server.postgres import commands, copy_out, inference
from ecomsql.server.postgres.answers import Answer, Result, Table, copied
from ecomsql.server.postgres.direct import Direct
from ecomsql.server.postgres.errors import (
    BROKEN,
    CANCELLED,
    IN_FAILED_TRANSACTION,
    PostgresError,
    translated,
)
from ecomsql.server.postgres.messages import Column
from ecomsql.server.postgres.parameters import UNTYPED, decoded
from ecomsql.server.postgres.plain_values import is_plain
from ecomsql.server.postgres.session_settings import SessionSettings
from ecomsql.server.postgres.settings import Settings
from ecomsql.server.postgres.spelling import Spelling
from ecomsql.server.postgres.statements import CHANGES, Plan, is_too_deep, split, tag, verb_of
from ecomsql.server.postgres.transactions import FAILED, IDLE, IN_TRANSACTION, Cursor
from ecomsql.server.postgres.types import TYPES
from ecomsql.server.postgres.writers import writer
from ecomsql.server.refused_functions import writing_part

DEEPEST = 2000
"""Brackets of a text that may be open at once; DuckDB's expressions have 1,000 levels at most."""


class Engine(SessionSettings):
    """Runs the statements of one session.

    Parameters
    ----------
    database : Database
        The server's DuckDB.
    settings : Settings
        Of the session.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        super().__init__(database, settings)
        self.notices: list[PostgresError] = []
        self.statements: dict[str, Plan] = {}
        self._spelling = Spelling(self.session.con, settings)
        self._lock = threading.Lock()
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
                f"{len(data)} values were bound for {plan.parameters} parameters",
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

    def knows_types(self, plan: Plan) -> bool:
        """Whether :meth:`values` can answer without asking DuckDB."""
        said = plan.declared
        return (
            plan.types is not None
            or not plan.parameters
            or (len(said) == plan.parameters and not any(one in UNTYPED for one in said))
        )

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
        values: dict[str, Any] = {
            str(number): inference.stand_in(self._inferred(plan).get(number, inference.UNKNOWN))
            for number in range(1, plan.parameters + 1)
        }
        for number, value in inference.stand_ins(plan.statement.query).items():
            values[str(number)] = value
        if plan.kind == "SELECT":
            return self._relation(plan.statement, values, plan.is_catalogue).columns
        query = inference.returning(plan.statement.query) if plan.kind in CHANGES else None
        if query is not None:
            [statement] = self.session.con.extract_statements(query)
            used = {name: values[name] for name in statement.named_parameters}
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
        answer = self._direct(plan, values) or self._bound(plan, values)
        if _may_repeat(plan) and all(map(is_plain, answer.kinds)):
            answer.query = plan.sql
        return answer

    def _direct(self, plan: Plan, values: dict[str, Any]) -> Answer | None:
        """Run a query whose last answer was short; None if it was not, or is another one by now."""
        if plan.sql not in self.database.few or plan.kind != "SELECT":
            return None
        con, statement = self.session.con, plan.statement
        assert statement is not None
        done = con.execute(statement, values) if values else con.execute(statement)
        self._open = direct = Direct(plan.verb, done)
        if all(map(is_plain, direct.kinds)):
            return direct
        self.closed(direct)
        return None

    def _bound(self, plan: Plan, values: dict[str, Any]) -> Answer:
        """Bind a query, so that its columns are known and it can run in any format."""
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

    def taken(self, answer: Answer, most: int | None) -> tuple[list[memoryview], int, bool]:
        """Take some more rows of an answer, and learn from it how to run its query again."""
        found = super().taken(answer, most)
        answer.rows += found[1]
        if answer.query is not None and not found[2]:
            self.database.few.learn(answer.query, answer.rows)
        return found

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


def _may_repeat(plan: Plan) -> bool:
    """Whether a query may begin to run and then run another way: nothing is written by it."""
    return plan.kind == "SELECT" and not plan.is_catalogue and writing_part(plan.sql) is None
