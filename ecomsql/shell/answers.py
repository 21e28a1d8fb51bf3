"""Runs SQL, and shows what it returns."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import duckdb

from ecomsql.cli import script
from ecomsql.cli.messages import note
from ecomsql.cli.output import whole_file
from ecomsql.cli.running import stoppable, temporary_folder
from ecomsql.shell.calls import CallError, refusal
from ecomsql.shell.errors import CommandError
from ecomsql.shell.session import Session
from ecomsql.shell.transaction import transaction
from ecomsql.shell.view import Target

T = TypeVar("T")

_QUERIES = (duckdb.StatementType.SELECT, duckdb.StatementType.MULTI)
_READS = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)


def answer(session: Session, text: str) -> None:
    """Run statements in order, and show their results; the first error ends it."""
    statements = session.con.extract_statements(text)
    if not statements:
        return
    target, once = session.view.target, session.view.once
    session.view.once = None
    if once is None:
        _answer_all(session, statements, text)
        return
    with whole_file(once.path) as whole:
        session.view.target = Target(whole, once.form)
        try:
            _answer_all(session, statements, text)
            if not session.view.target.count:
                raise CommandError(f"{once.path.name} is not written, as there was no result")
        finally:
            session.view.target = target


def _answer_all(session: Session, statements: list[duckdb.Statement], text: str) -> None:
    done = False
    try:
        for statement in statements:
            _answer(session, statement, text)
        done = True
    finally:
        ends = any(one.type == duckdb.StatementType.TRANSACTION for one in statements)
        if ends or not done:
            session.transaction = transaction(session.con)


def _answer(session: Session, statement: duckdb.Statement, text: str) -> None:
    """Run one statement, and show its result if it has one."""
    if statement.type not in _READS:
        session.names.renew()
    before = _times()
    relation = _patiently(session, partial(_run, session, statement))
    if relation is None:
        after = _times()
    else:
        with temporary_folder() as scratch:
            part = scratch / "result"
            _patiently(session, partial(_render, session, statement, relation, part))
            after = _times()
            session.last_query = _query(statement, text)
            session.view.show(part)
    if session.view.timer:
        real, user, system = (end - start for start, end in zip(before, after, strict=True))
        note(f"Run Time (s): real {real:.3f} user {user:.3f} sys {system:.3f}")


def _patiently(session: Session, work: Callable[[], T]) -> T:
    """Do something that Ctrl-C stops."""
    return stoppable(session.con, work, patient=session.interactive)


def _run(session: Session, statement: duckdb.Statement) -> duckdb.DuckDBPyRelation | None:
    try:
        return script.run(session.con, statement)
    except duckdb.BinderException as error:
        better = refusal(statement.query, str(error))
        if better is None:
            raise
        raise CallError(better) from error


def _query(statement: duckdb.Statement, text: str) -> str | None:
    """Return the SQL of a result that can be asked for once more; what changes something cannot."""
    query = statement.query.strip("; \n")
    # DuckDB 1.5 gives the parts of a PIVOT other texts, and cuts them off.
    return query if statement.type in _QUERIES and query and query in text else None


def _render(
    session: Session, statement: duckdb.Statement, relation: duckdb.DuckDBPyRelation, part: Path
) -> None:
    """Write what a statement returns."""
    if statement.type == duckdb.StatementType.EXPLAIN and session.view.form == "box":
        # A plan is a drawing of many lines, which a box would put on one.
        plans = (str(row[-1]).rstrip("\n") for row in relation.fetchall())
        part.write_text("\n".join(plans) + "\n", encoding="utf-8")
    else:
        session.view.render(relation, part)


def _times() -> tuple[float, float, float]:
    """Return seconds: of the clock, of the processor in this program, in the system."""
    spent = os.times()
    return time.perf_counter(), spent.user, spent.system
