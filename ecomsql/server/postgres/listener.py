"""Listens for clients of PostgreSQL, counts them, and lets each be cancelled by its key."""

from __future__ import annotations

import asyncio
import hmac
import itertools
import logging
import secrets
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field

import duckdb

from ecomsql.errors import EcomsqlError
from ecomsql.server.database import Database
from ecomsql.server.postgres import messages, startup
from ecomsql.server.postgres.activity import Present
from ecomsql.server.postgres.engine import Engine
from ecomsql.server.postgres.errors import BROKEN, PostgresError, translated
from ecomsql.server.postgres.session import Limits, Session
from ecomsql.server.postgres.settings import Settings
from ecomsql.server.postgres.startup import Cancel, Door, Startup
from ecomsql.server.postgres.transactions import FAILED, IDLE
from ecomsql.server.postgres.wire import HIGH_WATER, Gone, Wire

LOG = logging.getLogger("ecomsql.postgres")

PATIENCE = 15.0
"""Seconds that a client has to come in."""

STRANGERS = 100
"""Connections that may be at the door at once, beside as many as may be in."""

AFTER_CANCEL = 5.0
"""Seconds that statements have to end once they are cancelled."""


@dataclass(slots=True)
class Visitor:
    """A connection that is in."""

    secret: bytes
    engine: Engine
    session: Session
    wire: Wire


@dataclass(slots=True)
class Listener:
    """Serves clients of PostgreSQL.

    Parameters
    ----------
    database : Database
        The server's DuckDB.
    door : Door
        How people are let in.
    pool : Executor
        Threads for what blocks, one for each connection.
    most : int
        Largest number of connections at once.
    limits : Limits
        Of time.
    """

    database: Database
    door: Door
    pool: Executor
    most: int = 100
    limits: Limits = field(default_factory=Limits)
    broken: Callable[[], None] | None = None
    """Told when the database is broken and cannot be opened again."""
    _visitors: dict[int, Visitor] = field(default_factory=dict)
    _strangers: dict[Wire, None] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _server: asyncio.Server | None = None
    _inside: int = 0
    _is_stopping: bool = False
    _recovery: asyncio.Task[None] | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen; return the port, which the system chooses for 0.

        Raises
        ------
        OSError
            The address is taken, or not ours.
        """
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, host, port, backlog=512)
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def count(self) -> int:
        """How many connections there are."""
        return len(self._tasks)

    async def stop(self, seconds: float, hurry: asyncio.Event | None = None) -> bool:
        """Take no more clients, let statements end for some seconds, cancel those that do not.

        Parameters
        ----------
        seconds : float
            What statements have to end by themselves.
        hurry : asyncio.Event, optional
            Set when they are to be cancelled at once.

        Returns
        -------
        bool
            Whether everything has ended.
        """
        self._is_stopping = True
        if self._recovery is not None:
            self._recovery.cancel()
        if self._server is not None:
            self._server.close()
        for wire in list(self._strangers):
            _dismiss(wire, messages.shut_down())
        for visitor in self._visitors.values():
            visitor.session.is_ending = True
            if visitor.session.is_idle:
                _dismiss(visitor.wire, messages.shut_down())
        await self._ended(seconds, hurry)
        self._expel(messages.shut_down())
        await self._ended(AFTER_CANCEL)
        return not self._tasks

    async def _ended(self, seconds: float, hurry: asyncio.Event | None = None) -> None:
        """Wait until every connection has ended, for some seconds at most."""
        if not self._tasks:
            return
        ended = asyncio.ensure_future(asyncio.wait(set(self._tasks)))
        hurried = asyncio.ensure_future((hurry or asyncio.Event()).wait())
        try:
            await asyncio.wait(
                {ended, hurried}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            ended.cancel()
            hurried.cancel()

    def _expel(self, why: PostgresError) -> None:
        """Cancel what runs, and close every connection that is in."""
        for visitor in self._visitors.values():
            visitor.engine.cancel(why.message)
            _dismiss(visitor.wire, why)

    def _protocol(self) -> Wire:
        return _Incoming(self._meet)

    def _meet(self, wire: Wire) -> None:
        if len(self._strangers) >= self.most + STRANGERS:
            # Whoever is quick gets in, however many are slow.
            next(iter(self._strangers)).abort()
        self._strangers[wire] = None
        task = asyncio.ensure_future(self._serve(wire))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, wire: Wire) -> None:
        """Serve one connection from its beginning to its end, whatever happens in it."""
        try:
            await self._visit(wire)
        except Gone:
            LOG.debug("%s has left", wire.peer)
        except PostgresError as error:
            LOG.info("%s: %s", wire.peer, one_line(error.message))
            error.severity = "FATAL"
            wire.write(messages.report(b"E", error))
        except Exception as error:
            LOG.exception("%s: the connection failed", wire.peer)
            wire.write(messages.report(b"E", translated(error)))
        finally:
            self._strangers.pop(wire, None)
            wire.close()
            if self.database.is_broken:
                self._recover()

    async def _visit(self, wire: Wire) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                came = await startup.begin(wire, self.door)
        except TimeoutError:
            raise PostgresError("08006", "no login in time", severity="FATAL") from None
        finally:
            self._strangers.pop(wire, None)
        if isinstance(came, Cancel):
            self._cancel(came)
            return
        self._check_room()
        wire.ahead = HIGH_WATER
        self._inside += 1
        try:
            await self._host(wire, came)
        finally:
            self._inside -= 1

    def _check_room(self) -> None:
        if self._is_stopping:
            raise PostgresError("57P03", "the server is shutting down", severity="FATAL")
        if self.database.is_broken:
            raise PostgresError(
                "57P03", "the database is being opened again", hint="Try again.", severity="FATAL"
            )
        if self._inside >= self.most:
            raise PostgresError(
                "53300",
                f"too many clients: there are {self.most} connections already",
                severity="FATAL",
            )

    async def _host(self, wire: Wire, came: Startup) -> None:
        loop = asyncio.get_running_loop()
        number, secret = next(self._numbers), secrets.token_bytes(4)
        engine = await loop.run_in_executor(self.pool, lambda: self._engine(came, number))
        try:
            session = Session(wire, engine, self.pool, self.limits)
            # What has begun meanwhile ends this one too.
            session.is_ending = self._is_stopping or self.database.is_broken
            visitor = Visitor(secret, engine, session, wire)
            self._visitors[number] = visitor
            self.database.activity.enters(number, _present(visitor, came.user, loop))
            LOG.info("%s: %s is in", wire.peer, one_line(came.user))
            wire.write(messages.key_data(number, secret))
            await session.run()
        finally:
            self._visitors.pop(number, None)
            self.database.activity.leaves(number)
            await self._leave(engine)
            LOG.info("%s: %s is out", wire.peer, one_line(came.user))

    async def _leave(self, engine: Engine) -> None:
        """Close a session's side of DuckDB; of a broken one too, whose last words are no news."""
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self.pool, engine.close)
        except Exception as error:
            if not self.database.is_broken:
                LOG.warning("a session did not close well: %s", one_line(str(error)))

    # A database that has failed.

    def _recover(self) -> None:
        if self._recovery is None and not self._is_stopping:
            self._recovery = asyncio.ensure_future(self._reopen())

    async def _reopen(self) -> None:
        """Open a broken database again: everybody out, then it is closed, then it is as new."""
        LOG.error("the database has failed; every connection ends, and it is opened again")
        self._expel(
            PostgresError(BROKEN, "the database failed and is opened again", severity="FATAL")
        )
        try:
            async with asyncio.timeout(AFTER_CANCEL):
                # Not those at the door, whose time is limited and who are not in.
                while self._inside:
                    await asyncio.sleep(0.01)
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self.pool, self.database.reopen)
        except TimeoutError:
            self._give_up("there are statements that do not end")
        except (EcomsqlError, duckdb.Error, OSError) as error:
            self._give_up(str(error))
        else:
            LOG.error("the database is open again")
            self._recovery = None

    def _give_up(self, why: str) -> None:
        LOG.critical("the database cannot be opened again: %s", why)
        if self.broken is not None:
            self.broken()

    def _engine(self, came: Startup, number: int) -> Engine:
        """Make a session of DuckDB with the settings of a startup message."""
        read_only = self.database.policy.read_only
        settings = Settings(came.user, read_only=read_only, process=number)
        try:
            engine = Engine(self.database, settings)
        except BaseException as error:
            raise self._fatal(error) from error
        try:
            for name, value in came.settings.items():
                engine.start_setting(name, value)
        except BaseException as error:
            engine.close()
            raise self._fatal(error) from error
        return engine

    def _fatal(self, error: BaseException) -> PostgresError:
        found = translated(error)
        found.severity = "FATAL"
        if found.code == BROKEN:
            self.database.is_broken = True
        return found

    def _cancel(self, came: Cancel) -> None:
        visitor = self._visitors.get(came.process)
        if visitor is not None and hmac.compare_digest(visitor.secret, came.secret):
            visitor.engine.cancel()


class _Incoming(Wire):
    """A connection that tells of itself once it is there."""

    def __init__(self, meet: Callable[[Wire], None]) -> None:
        super().__init__()
        self._meet: Callable[[Wire], None] | None = meet

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport; TLS brings a second one, which is no new connection."""
        super().connection_made(transport)
        if self._meet is not None:
            meet, self._meet = self._meet, None
            meet(self)


_STATES = {IDLE: "idle", FAILED: "idle in transaction (aborted)"}


def _present(visitor: Visitor, user: str, loop: asyncio.AbstractEventLoop) -> Present:
    """Return a visitor as others see it, and may end it."""
    settings = visitor.engine.settings
    address, _, port = visitor.wire.peer.rpartition(":")

    def leave() -> None:
        why = messages.shut_down()
        visitor.engine.cancel(why.message)
        loop.call_soon_threadsafe(_dismiss, visitor.wire, why)

    return Present(
        user=user,
        key=settings.key,
        address=address,
        port=int(port) if port.isdigit() else -1,
        describe=lambda: (settings.get("application_name"), _state(visitor)),
        cancel=visitor.engine.cancel,
        leave=leave,
    )


def _state(visitor: Visitor) -> str:
    """Return what a session is doing, in PostgreSQL's words."""
    if not visitor.session.is_idle:
        return "active"
    return _STATES.get(visitor.engine.work.status, "idle in transaction")


def _dismiss(wire: Wire, why: PostgresError) -> None:
    wire.write(messages.report(b"E", why))
    wire.close()


def one_line(text: str) -> str:
    """Return what a stranger says as a log can have it: no line of its own, and not endless."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:200])
