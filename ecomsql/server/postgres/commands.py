"""Commands that PostgreSQL has and DuckDB has not, or has otherwise.

Each is a function below a pattern; adding one touches no list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ecomsql.server.postgres.answers import Answer, Fetched, Rows, Table
from ecomsql.server.postgres.errors import PostgresError
from ecomsql.server.postgres.messages import Column
from ecomsql.server.postgres.statements import Plan, without_comments

if TYPE_CHECKING:
    from ecomsql.server.postgres.engine import Engine

Match = re.Match[str]
Run = Callable[["Engine", Match], Answer]

# No pattern may take a text apart in two ways: the time would grow with its square or worse, and
# all clients would wait. What repeats here gives nothing back (``++``) where that could happen.
_NAME = r'(?:"(?:[^"]|"")++"|\w+)'

_found: list[tuple[re.Pattern[str], str, Run]] = []
_columns: dict[str, Callable[[Engine, Match], Sequence[Column] | None]] = {}


def command(pattern: str, verb: str) -> Callable[[Run], Run]:
    """Declare what is done for statements that match a pattern as a whole."""

    def declare(run: Run) -> Run:
        _found.append((re.compile(rf"{pattern}\s*", re.IGNORECASE | re.DOTALL), verb, run))
        return run

    return declare


def find(engine: Engine, sql: str) -> Plan | None:
    """Return the plan of a statement that is one of these commands."""
    text = without_comments(sql)
    for pattern, verb, run in _found:
        match = pattern.fullmatch(text)
        if match is not None:
            return Plan(sql, command=_bound(run, engine, match), verb=verb)
    return None


def columns(engine: Engine, plan: Plan) -> Sequence[Column] | None:
    """Return the columns of a command before it runs: only reading ones have any, and may run."""
    if plan.verb not in ("SHOW", "FETCH"):
        return None
    assert plan.command is not None
    answer: Answer = plan.command()
    return answer.columns


def unquoted(name: str) -> str:
    """Return a name without its quotes, in small letters where it had none."""
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()


def _bound(run: Run, engine: Engine, match: Match) -> Callable[[], Answer]:
    return lambda: run(engine, match)


# Transactions.

_MODE = (
    r"ISOLATION\s+LEVEL\s+\w+(?:\s+(?:READ|COMMITTED|UNCOMMITTED))?"
    r"|READ\s+ONLY|READ\s+WRITE|(?:NOT\s+)?DEFERRABLE"
)
_MODES = rf"(?P<modes>(?:[\s,]+(?:{_MODE}))*)"


@command(rf"(?:BEGIN(?:\s+(?:WORK|TRANSACTION))?|START\s+TRANSACTION){_MODES}", "BEGIN")
def _begin(engine: Engine, match: Match) -> Answer:
    modes = " ".join(match["modes"].upper().split())
    if "SERIALIZABLE" in modes:
        engine.notices.append(
            _warning("01000", "transactions here are isolated as snapshots, not serializable")
        )
    if engine.work.is_implicit:
        engine.work.is_implicit = False
    elif engine.work.status == "I":
        engine.begin("READ ONLY" if "READ ONLY" in modes else "")
    else:
        engine.notices.append(_warning("25001", "there is already a transaction in progress"))
    return Answer("BEGIN")


@command(r"(?:COMMIT|END)(?:\s+(?:WORK|TRANSACTION))?(?:\s+AND\s+NO\s+CHAIN)?", "COMMIT")
def _commit(engine: Engine, match: Match) -> Answer:
    if engine.work.status == "I":
        engine.notices.append(_warning("25P01", "there is no transaction in progress"))
        return Answer("COMMIT")
    return Answer("COMMIT" if engine.commit() else "ROLLBACK")


@command(r"(?:ROLLBACK|ABORT)(?:\s+(?:WORK|TRANSACTION))?(?:\s+AND\s+NO\s+CHAIN)?", "ROLLBACK")
def _rollback(engine: Engine, match: Match) -> Answer:
    if engine.work.status == "I":
        engine.notices.append(_warning("25P01", "there is no transaction in progress"))
    else:
        engine.rollback()
    return Answer("ROLLBACK")


@command(rf"SAVEPOINT\s+(?P<name>{_NAME})", "SAVEPOINT")
def _savepoint(engine: Engine, match: Match) -> Answer:
    engine.add_savepoint(unquoted(match["name"]))
    return Answer("SAVEPOINT")


@command(rf"RELEASE(?:\s+SAVEPOINT)?\s+(?P<name>{_NAME})", "RELEASE")
def _release(engine: Engine, match: Match) -> Answer:
    engine.release_savepoint(unquoted(match["name"]))
    return Answer("RELEASE")


@command(
    rf"ROLLBACK(?:\s+(?:WORK|TRANSACTION))?\s+TO(?:\s+SAVEPOINT)?\s+(?P<name>{_NAME})",
    "ROLLBACK TO",
)
def _rollback_to(engine: Engine, match: Match) -> Answer:
    engine.rollback_to(unquoted(match["name"]))
    return Answer("ROLLBACK")


@command(r"SET\s+SESSION\s+CHARACTERISTICS\s+AS\s+TRANSACTION\s+(?P<modes>.+)", "SET")
def _characteristics(engine: Engine, match: Match) -> Answer:
    if "READ ONLY" in " ".join(match["modes"].upper().split()):
        raise PostgresError(
            "0A000",
            "a session cannot be made read-only",
            hint="BEGIN READ ONLY makes one transaction read-only.",
        )
    return Answer("SET")


@command(r"SET\s+TRANSACTION\s+(?P<modes>.+)", "SET")
def _transaction_modes(engine: Engine, match: Match) -> Answer:
    if "READ ONLY" in " ".join(match["modes"].upper().split()):
        raise PostgresError("0A000", "say it where it begins: BEGIN READ ONLY")
    return Answer("SET")


# Settings.


@command(r"SET\s+(?:(?:SESSION|LOCAL)\s+)?TIME\s+ZONE\s+(?P<value>.+)", "SET")
def _time_zone(engine: Engine, match: Match) -> Answer:
    engine.set("TimeZone", _value(match["value"]))
    return Answer("SET")


@command(
    r"SET\s+(?:(?:SESSION|LOCAL)\s+)?(?P<name>[\w.]++)\s*+(?:=|(?<=\s)TO\s)\s*(?P<value>.+)", "SET"
)
def _set(engine: Engine, match: Match) -> Answer:
    engine.set(match["name"], _value(match["value"]), match[0].strip())
    return Answer("SET")


@command(r"SET\s+NAMES\s+(?P<value>.+)", "SET")
def _set_names(engine: Engine, match: Match) -> Answer:
    engine.set("client_encoding", _value(match["value"]))
    return Answer("SET")


@command(r"RESET\s+(?P<name>[\w.]+)", "RESET")
def _reset(engine: Engine, match: Match) -> Answer:
    engine.reset(None if match["name"].lower() == "all" else match["name"])
    return Answer("RESET")


@command(r"SHOW\s+(?P<name>TRANSACTION\s+ISOLATION\s+LEVEL|TIME\s+ZONE|[\w.]+)", "SHOW")
def _show(engine: Engine, match: Match) -> Answer:
    spelled = " ".join(match["name"].lower().split())
    name = {
        "transaction isolation level": "transaction_isolation",
        "time zone": "TimeZone",
    }.get(spelled, match["name"])
    return engine.show(name, match[0].strip())


@command(r"SET\s+SESSION\s+AUTHORIZATION\s+.+|SET\s+ROLE\s+.+|RESET\s+ROLE", "SET")
def _set_role(engine: Engine, match: Match) -> Answer:
    raise PostgresError("0A000", "roles cannot be changed within a session")


# Cursors, prepared statements, and what a session leaves behind.


@command(
    rf"DECLARE\s+(?P<name>{_NAME})(?:\s+(?:BINARY|INSENSITIVE|ASENSITIVE|NO\s+SCROLL|SCROLL))*"
    r"\s+CURSOR(?P<hold>\s+WITH\s+HOLD|\s+WITHOUT\s+HOLD)?\s+FOR\s+(?P<query>.+)",
    "DECLARE CURSOR",
)
def _declare(engine: Engine, match: Match) -> Answer:
    is_held = " ".join((match["hold"] or "").upper().split()) == "WITH HOLD"
    engine.declare(unquoted(match["name"]), match["query"], is_held=is_held)
    return Answer("DECLARE CURSOR")


_HOW_MANY = r"(?:(?P<how>NEXT|FORWARD\s+ALL|ALL|(?:FORWARD\s+)?\d+|FORWARD)\s+)?(?:(?:FROM|IN)\s+)?"


@command(rf"FETCH\s+{_HOW_MANY}(?P<name>{_NAME})", "FETCH")
def _fetch(engine: Engine, match: Match) -> Answer:
    return Fetched(_cursor(engine, match), _count(match["how"]))


@command(rf"MOVE\s+{_HOW_MANY}(?P<name>{_NAME})", "MOVE")
def _move(engine: Engine, match: Match) -> Answer:
    cursor, left, moved = _cursor(engine, match), _count(match["how"]), 0
    cursor.open([0] * len(cursor.columns))
    while left is None or moved < left:
        _, rows, more = cursor.take(None if left is None else left - moved)
        moved += rows
        if not more:
            break
    return Answer(f"MOVE {moved}")


@command(rf"CLOSE\s+(?P<name>{_NAME})", "CLOSE CURSOR")
def _close(engine: Engine, match: Match) -> Answer:
    name = unquoted(match["name"])
    if name == "all":
        for one in list(engine.cursors):
            engine.close_cursor(one)
    else:
        _cursor(engine, match)
        engine.close_cursor(name)
    return Answer("CLOSE CURSOR")


@command(r"DISCARD\s+(?P<what>ALL|PLANS|SEQUENCES|TEMP|TEMPORARY)", "DISCARD")
def _discard(engine: Engine, match: Match) -> Answer:
    if match["what"].upper() == "ALL":
        if engine.work.status != "I":
            raise PostgresError("25001", "DISCARD ALL cannot run inside a transaction block")
        engine.discard_all()
    return Answer(f"DISCARD {match['what'].upper()}")


@command(r"DEALLOCATE\s+(?:PREPARE\s+)?ALL", "DEALLOCATE")
def _deallocate_all(engine: Engine, match: Match) -> Answer:
    engine.deallocate_all()
    return Answer("DEALLOCATE ALL")


@command(rf"DEALLOCATE\s+(?:PREPARE\s+)?(?P<name>{_NAME})", "DEALLOCATE")
def _deallocate(engine: Engine, match: Match) -> Answer:
    engine.deallocate(unquoted(match["name"]), match[0].strip())
    return Answer("DEALLOCATE")


@command(rf"UNLISTEN\s+(?:\*|{_NAME})", "UNLISTEN")
def _unlisten(engine: Engine, match: Match) -> Answer:
    return Answer("UNLISTEN")


@command(r"(?:LISTEN|NOTIFY)\s+.+", "LISTEN")
def _listen(engine: Engine, match: Match) -> Answer:
    raise PostgresError("0A000", "there are no notifications here: LISTEN and NOTIFY do nothing")


@command(r"LOCK\s+(?:TABLE\s+)?.+", "LOCK TABLE")
def _lock(engine: Engine, match: Match) -> Answer:
    raise PostgresError(
        "0A000",
        "tables are not locked",
        hint="A transaction that finds its rows changed by another ends with 40001; run it again.",
    )


@command(r"COPY\s.+\sFROM\s+STDIN\b.*", "COPY")
def _copy_in(engine: Engine, match: Match) -> Answer:
    raise PostgresError(
        "0A000",
        "COPY FROM STDIN is not supported",
        hint="Use INSERT, or COPY FROM a file that the server can read.",
    )


@command(
    rf"COPY\s+(?P<what>\(.*\)|{_NAME}(?:\.{_NAME})*+(?:\s*\([^()]*\))?)\s+TO\s+STDOUT\b"
    r"(?P<options>.*)",
    "COPY",
)
def _copy_out(engine: Engine, match: Match) -> Answer:
    return engine.copy_out(match["what"], match["options"])


def _cursor(engine: Engine, match: Match) -> Rows:
    name = unquoted(match["name"])
    if name not in engine.cursors:
        raise PostgresError("34000", f'cursor "{name}" does not exist')
    return engine.cursors[name].answer


def _count(how: str | None) -> int | None:
    """Return how many rows FETCH takes; None: all."""
    words = (how or "NEXT").upper().split()
    if words[-1] == "ALL":
        return None
    return int(words[-1]) if words[-1].isdigit() else 1


def _value(text: str) -> str:
    """Return what a setting is set to: a word, a text in quotes, a list as it is written."""
    parts = [part.strip() for part in text.strip().split(",")]
    return ", ".join(
        part[1:-1].replace("''", "'")
        if part[:1] == "'" and part[-1:] == "'" and len(part) > 1
        else part
        for part in parts
    )


def _warning(code: str, text: str) -> PostgresError:
    return PostgresError(code, text, severity="WARNING")


__all__ = ["Table", "columns", "command", "find", "unquoted"]
