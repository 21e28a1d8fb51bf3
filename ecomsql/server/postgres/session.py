"""One connection: takes the client's messages in turn and answers each."""

from __future__ import annotations

import asyncio
import logging
import struct
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from ecomsql.server.postgres import messages
from ecomsql.server.postgres.answers import Copied
from ecomsql.server.postgres.background import Background
from ecomsql.server.postgres.engine import Engine
from ecomsql.server.postgres.errors import PostgresError
from ecomsql.server.postgres.messages import Content
from ecomsql.server.postgres.portals import Portal, Portals, formats_of, spread
from ecomsql.server.postgres.settings import REPORTED, seconds
from ecomsql.server.postgres.statements import Plan
from ecomsql.server.postgres.transactions import FAILED
from ecomsql.server.postgres.wire import Gone, Wire

LOG = logging.getLogger("ecomsql.postgres")

MOST = 256 << 20
"""Largest message of a client, in bytes."""

MOST_SQL = 16 << 20
"""Largest text of statements, in letters: reading one keeps the other clients waiting."""


@dataclass(slots=True)
class Limits:
    """How long statements may take, in seconds; 0: as long as they do."""

    statement: float = 0.0


class Session:
    """Speaks the protocol with one client that has come in.

    Parameters
    ----------
    wire : Wire
        The connection.
    engine : Engine
        Its side of DuckDB.
    pool : Executor
        Threads for what blocks.
    limits : Limits
        Of time.
    """

    def __init__(self, wire: Wire, engine: Engine, pool: Executor, limits: Limits) -> None:
        self._wire, self._engine, self._limits = wire, engine, limits
        self._background = Background(wire, engine, pool)
        self._portals = Portals(wire, engine, self._background)
        self._is_skipping = False
        self._told: dict[str, str] = {}
        self.is_idle = True
        self.is_ending = False

    async def run(self) -> None:
        """Answer messages until the client leaves.

        Raises
        ------
        Gone
            It left without a word.
        PostgresError
            It does not follow the protocol.
        """
        await self._tell_settings()
        self._ready()
        await self._wire.drain()
        while True:
            if self.is_ending and self.is_idle:
                raise messages.shut_down()
            kind, content = await self._next()
            if kind == b"X":
                return
            self.is_idle = False
            await self._timed(kind, content)
            # Between the messages of one command the client is not done.
            self.is_idle = kind in (b"Q", b"S")
            await self._wire.drain()

    async def _next(self) -> tuple[bytes, Content]:
        """Return the next message; a client with an open transaction may have to be quick."""
        is_open = self._engine.work.status != "I"
        setting = "idle_in_transaction_session_timeout"
        limit = seconds(self._engine.settings.get(setting)) if is_open else 0.0
        try:
            async with asyncio.timeout(limit or None):
                return await self._message()
        except TimeoutError:
            raise PostgresError(
                "25P03",
                "terminating connection due to idle-in-transaction timeout",
                severity="FATAL",
            ) from None

    async def _timed(self, kind: bytes, content: Content) -> None:
        """Answer a message; when its time is up it is cancelled."""
        limit = self._timeout()
        loop = asyncio.get_running_loop()
        self._engine.busy(True)
        late = loop.call_later(limit, self._engine.cancel, _TOO_LATE) if limit else None
        try:
            await self._handle(kind, content)
        finally:
            self._engine.busy(False)
            if late is not None:
                late.cancel()

    async def _message(self) -> tuple[bytes, Content]:
        head = await self._wire.read(5)
        (length,) = struct.unpack("!i", head[1:])
        if not 4 <= length <= MOST or head[:1] not in _KINDS:
            raise messages.malformed()
        return head[:1], Content(await self._wire.read(length - 4))

    async def _handle(self, kind: bytes, content: Content) -> None:
        if self._is_skipping and kind != b"S":
            return
        handler = _HANDLERS.get(kind)
        if handler is None:
            return
        try:
            await handler(self, content)
        except Gone:
            raise
        except PostgresError as error:
            if error.severity == "FATAL":
                raise
            await self._fail(error, kind)
        except Exception as error:
            await self._fail(error, kind)

    async def _failed(self, error: Exception, sql: str = "") -> PostgresError:
        """Return an error as the client understands it, once the engine knows of it."""
        return await self._background.tidy(lambda: self._engine.failed(error, sql))

    async def _fail(self, error: Exception, kind: bytes) -> None:
        """Tell the client of an error; in the extended protocol, skip what it sent until Sync."""
        found = await self._failed(error)
        if found.severity == "FATAL":
            raise found
        LOG.debug("error %s: %s", found.code, found.message, exc_info=error)
        self._portals.forget()
        self._portals.tell_notices()
        self._wire.write(messages.report(b"E", found))
        if kind == b"Q":
            await self._background.tidy(self._end_implicit)
            self._ready()
        elif kind == b"S":
            self._ready()
        else:
            self._is_skipping = True

    def _end_implicit(self) -> None:
        """Undo what the server began by itself and a statement broke."""
        if self._engine.work.is_implicit:
            self._engine.rollback()

    # The simple protocol.

    async def _query(self, content: Content) -> None:
        text = _sql(content)
        LOG.debug("query: %s", text)
        self._portals.forget("")
        plans = await self._background.do(lambda: self._engine.script(text))
        if all(plan.is_empty for plan in plans):
            self._wire.write(messages.EMPTY_QUERY)
            self._ready()
            return
        plans = [plan for plan in plans if not plan.is_empty]
        for at, plan in enumerate(plans):
            if len(plans) > 1 and plan.command is None and self._engine.work.status == "I":
                # Several statements in one message are one transaction.
                await self._background.do(self._engine.begin_implicitly)
            try:
                await self._simple(plan)
            except (PostgresError, Gone):
                raise
            except Exception as error:
                raise await self._failed(error, plan.sql) from error
            if at == len(plans) - 1 and self._engine.needs_sync:
                await self._background.do(self._engine.sync)
        await self._tell_settings()
        self._ready()

    async def _simple(self, plan: Plan) -> None:
        if plan.parameters:
            raise PostgresError("42P02", "there is no parameter $1 in a simple query")
        portal = Portal(plan, {}, [])
        await self._portals.start(portal, reads=True)
        answer = portal.answer
        assert answer is not None
        if answer.columns is not None and not isinstance(answer, Copied):
            formats = formats_of(portal)
            self._wire.write(messages.row_description(answer.columns, formats))
        await self._portals.send(portal, None)

    # The extended protocol.

    async def _parse(self, content: Content) -> None:
        name, sql, declared = content.text(), _sql(content), content.int32s()
        LOG.debug("parse: %s", sql)
        if name and name in self._engine.statements:
            raise PostgresError("42P05", f'prepared statement "{name}" already exists')
        plan = await self._background.do(lambda: self._engine.plan(sql, declared))
        self._engine.statements[name] = plan
        self._wire.write(messages.PARSE_COMPLETE)

    async def _bind(self, content: Content) -> None:
        name, statement = content.text(), content.text()
        plan = self._statement(statement)
        forms = content.int16s()
        data = [content.value() for _ in range(content.count())]
        formats = content.int16s()
        if name and name in self._portals:
            raise PostgresError("42P03", f'portal "{name}" already exists')
        forms = spread(forms, len(data))
        if self._engine.work.status == FAILED and not plan.ends_transaction:
            values: dict[str, Any] = {}
        elif self._engine.knows_types(plan):
            values = self._engine.values(plan, data, forms)
        else:
            values = await self._background.do(lambda: self._engine.values(plan, data, forms))
        await self._portals.put(name, Portal(plan, values, formats))
        self._wire.write(messages.BIND_COMPLETE)

    async def _describe(self, content: Content) -> None:
        what, name = content.take(1), content.text()
        if what == b"S":
            await self._describe_statement(self._statement(name))
        elif what == b"P" and name not in self._portals and name in self._engine.cursors:
            columns = self._engine.cursors[name].answer.columns
            self._wire.write(messages.row_description(columns, [0] * len(columns)))
        elif what == b"P":
            await self._describe_portal(self._portals[name])
        else:
            raise messages.malformed()

    async def _describe_statement(self, plan: Plan) -> None:
        kinds = await self._background.do(lambda: self._engine.parameter_types(plan))
        columns = await self._background.do(lambda: self._engine.columns(plan))
        self._wire.write(messages.parameter_description(kinds))
        if columns is None:
            self._wire.write(messages.NO_DATA)
        else:
            self._wire.write(messages.row_description(columns, [0] * len(columns)))

    async def _describe_portal(self, portal: Portal) -> None:
        plan = portal.plan
        if plan.has_rows or plan.verb in ("SHOW", "FETCH"):
            # Mostly Execute comes with it, for all rows.
            is_next = self._wire.next_kind() == b"E" and self._wire.next_limit() == 0
            await self._portals.start(portal, reads=is_next)
            assert portal.answer is not None
            columns = portal.answer.columns
        else:
            columns = await self._background.do(lambda: self._engine.columns(plan))
        if columns is None:
            self._wire.write(messages.NO_DATA)
        else:
            formats = spread(portal.formats, len(columns))
            self._wire.write(messages.row_description(columns, formats))

    async def _execute(self, content: Content) -> None:
        portal, limit = self._portals[content.text()], content.int32()
        if portal.plan.is_empty:
            self._wire.write(messages.EMPTY_QUERY)
            return
        most = limit if limit > 0 else None
        await self._portals.start(portal, most=most, reads=True)
        await self._portals.send(portal, most)

    async def _close(self, content: Content) -> None:
        what, name = content.take(1), content.text()
        if what == b"S":
            self._engine.statements.pop(name, None)
        elif what == b"P":
            await self._portals.drop(name)
        else:
            raise messages.malformed()
        self._wire.write(messages.CLOSE_COMPLETE)

    async def _call(self, content: Content) -> None:
        """Refuse the protocol's own call of a function, which is older than prepared statements."""
        self._wire.write(
            messages.report(b"E", PostgresError("0A000", "function calls are sent as SELECT"))
        )
        self._ready()

    async def _flush(self, content: Content) -> None:
        """Do nothing: whatever was written has been sent."""

    async def _sync(self, content: Content) -> None:
        self._is_skipping = False
        if self._engine.needs_sync:
            await self._background.tidy(self._engine.sync)
        if self._engine.work.status == "I":
            await self._portals.drop_all()
        await self._tell_settings()
        self._ready()

    def _timeout(self) -> float:
        """Return the seconds that a message may take: the server's limit is a client's largest."""
        own = seconds(self._engine.settings.get("statement_timeout"))
        return min((one for one in (own, self._limits.statement) if one), default=0.0)

    def _statement(self, name: str) -> Plan:
        try:
            return self._engine.statements[name]
        except KeyError:
            raise PostgresError("26000", f'prepared statement "{name}" does not exist') from None

    async def _tell_settings(self) -> None:
        """Tell the client of the settings that it wants to know, where they have changed."""
        if self._told and not self._engine.settings.has_changed:
            return
        self._engine.settings.has_changed = False
        zone = await self._background.tidy(lambda: self._engine.setting("TimeZone"))
        for name in REPORTED:
            value = zone if name == "TimeZone" else self._engine.settings.get(name)
            if self._told.get(name) != value:
                self._told[name] = value
                self._wire.write(messages.parameter_status(name, value))

    def _ready(self) -> None:
        work = self._engine.work
        self._wire.write(messages.ready("I" if work.is_implicit else work.status))


def _sql(content: Content) -> str:
    text = content.text()
    if len(text) > MOST_SQL:
        raise PostgresError("54000", f"a text of statements has at most {MOST_SQL} letters")
    return text


_TOO_LATE = "canceling statement due to statement timeout"

_HANDLERS: dict[bytes, Callable[[Session, Content], Awaitable[None]]] = {
    b"Q": Session._query,
    b"P": Session._parse,
    b"B": Session._bind,
    b"D": Session._describe,
    b"E": Session._execute,
    b"C": Session._close,
    b"F": Session._call,
    b"H": Session._flush,
    b"S": Session._sync,
}

_KINDS = (*_HANDLERS, b"X", b"d", b"c", b"f", b"p")
"""Letters of messages that a client may send; those of COPY from it are left unread."""
