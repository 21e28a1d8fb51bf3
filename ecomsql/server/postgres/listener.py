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

from ecomsql.server.database import Database
from ecomsql.server.postgres import messages, startup
from ecomsql.server.postgres.engine import Engine
from ecomsql.server.postgres.errors import PostgresError, translated
from ecomsql.server.postgres.session import Limits, Session
from ecomsql.server.postgres.settings import Settings
from ecomsql.server.postgres.startup import Cancel, Door, Startup
from ecomsql.server.postgres.wire import Gone, Wire

LOG = logging.getLogger("ecomsql.postgres")

PATIENCE = 15.0
"""Seconds that a client has to come in."""


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
    _visitors: dict[int, Visitor] = field(default_factory=dict)
    _wires: set[Wire] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _server: asyncio.Server | None = None

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
        return len(self._wires)

    async def stop(self, seconds: float) -> None:
        """Take no more clients, let statements end for some seconds, cancel those that do not."""
        if self._server is not None:
            self._server.close()
        for visitor in self._visitors.values():
            visitor.session.is_ending = True
            if visitor.session.is_idle:
                self._dismiss(visitor.wire)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for visitor in self._visitors.values():
            visitor.engine.cancel("terminating connection due to administrator command")
        for wire in self._wires:
            self._dismiss(wire)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    def _dismiss(self, wire: Wire) -> None:
        wire.write(messages.report(b"E", _SHUT_DOWN))
        wire.close()

    def _protocol(self) -> Wire:
        return _Incoming(self._meet)

    def _meet(self, wire: Wire) -> None:
        task = asyncio.ensure_future(self._serve(wire))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, wire: Wire) -> None:
        """Serve one connection from its beginning to its end, whatever happens in it."""
        self._wires.add(wire)
        try:
            await self._visit(wire)
        except Gone:
            LOG.debug("%s has left", wire.peer)
        except PostgresError as error:
            LOG.info("%s: %s", wire.peer, error.message)
            wire.write(messages.report(b"E", error))
        except Exception as error:
            LOG.exception("%s: the connection failed", wire.peer)
            wire.write(messages.report(b"E", translated(error)))
        finally:
            self._wires.discard(wire)
            wire.close()

    async def _visit(self, wire: Wire) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                came = await startup.begin(wire, self.door)
        except TimeoutError:
            raise PostgresError("08006", "no login in time", severity="FATAL") from None
        if isinstance(came, Cancel):
            self._cancel(came)
            return
        if len(self._visitors) >= self.most:
            raise PostgresError(
                "53300",
                f"too many clients: there are {self.most} connections already",
                severity="FATAL",
            )
        await self._host(wire, came)

    async def _host(self, wire: Wire, came: Startup) -> None:
        loop = asyncio.get_running_loop()
        number, secret = next(self._numbers), secrets.token_bytes(4)
        engine = await loop.run_in_executor(self.pool, lambda: self._engine(came, number))
        session = Session(wire, engine, self.pool, self.limits)
        self._visitors[number] = Visitor(secret, engine, session, wire)
        LOG.info("%s: %s is in", wire.peer, came.user)
        try:
            wire.write(messages.key_data(number, secret))
            await session.run()
        finally:
            del self._visitors[number]
            await loop.run_in_executor(self.pool, engine.close)
            LOG.info("%s: %s is out", wire.peer, came.user)

    def _engine(self, came: Startup, number: int) -> Engine:
        """Make a session of DuckDB with the settings of a startup message."""
        read_only = self.database.policy.read_only
        settings = Settings(came.user, read_only=read_only, process=number)
        engine = Engine(self.database, settings)
        try:
            for name, value in came.settings.items():
                engine.start_setting(name, value)
        except BaseException as error:
            engine.close()
            found = translated(error)
            found.severity = "FATAL"
            raise found from error
        return engine

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


_SHUT_DOWN = PostgresError(
    "57P01", "terminating connection due to administrator command", severity="FATAL"
)
