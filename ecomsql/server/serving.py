"""The server's life: what it opens, what it listens on, and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import os
import signal
import ssl
import sys
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

import ecomsql
from ecomsql.errors import EcomsqlError, OptionError
from ecomsql.server import quack
from ecomsql.server.addresses import Address
from ecomsql.server.database import Database
from ecomsql.server.init_file import run_file
from ecomsql.server.interruptible import interruptible
from ecomsql.server.policy import Policy
from ecomsql.server.postgres import catalogue
from ecomsql.server.postgres.activity import Activity
from ecomsql.server.postgres.listener import Listener
from ecomsql.server.postgres.session import Limits
from ecomsql.server.postgres.startup import Door
from ecomsql.server.users import Users

if sys.platform != "win32":
    import resource

LOG = logging.getLogger("ecomsql.serve")

SPARE_FILES = 400
"""Files and connections beside those of clients that are in: at the door, the database's own."""

DRAIN = 10.0
"""Seconds that running statements have to end after SIGTERM."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a server is to be.

    Parameters
    ----------
    users : Users
        Who may enter.
    database : Path or None
        File of the database; None: in memory.
    postgres : Address or None
        Where to listen for clients of PostgreSQL.
    quack : Address or None
        Where to listen for DuckDB's own clients.
    token : str, optional
        What DuckDB's clients must know.
    policy : Policy
        What clients may do.
    tls : tuple of Path, optional
        Files of the certificate and of its key.
    allow_plaintext : bool
        Listen beyond this machine without TLS.
    init : Path, optional
        File of SQL to run first.
    max_connections : int
        Of PostgreSQL's clients, at once.
    statement_timeout : float
        In seconds; 0: none.
    config : dict
        DuckDB's settings.
    """

    users: Users
    database: Path | None = None
    postgres: Address | None = None
    quack: Address | None = None
    token: str = field(default="", repr=False)
    policy: Policy = field(default_factory=Policy)
    tls: tuple[Path, Path] | None = None
    allow_plaintext: bool = False
    init: Path | None = None
    max_connections: int = 100
    statement_timeout: float = 0.0
    config: dict[str, str] = field(default_factory=dict)

    def check(self) -> None:
        """Raise OptionError for a server that would lie open to the network."""
        for address, is_safe, remedy in (
            (self.postgres, self.tls is not None, "give --tls-cert and --tls-key"),
            (self.quack, False, "listen on this machine alone, behind a proxy that speaks TLS"),
        ):
            if address and not address.is_loopback and not is_safe and not self.allow_plaintext:
                raise OptionError(
                    f"{address} can be reached from other machines, and passwords and data would "
                    f"cross the network in the clear: {remedy}, or say --allow-plaintext"
                )


def open_database(plan: Plan) -> Database:
    """Open DuckDB with every function, run the init file, and lock what the policy forbids.

    Raises
    ------
    EcomsqlError, duckdb.Error, OSError
        The database or the init file cannot be used.
    """
    # No database can be lost by being opened again that is in a file.
    activity = Activity()
    again = None
    if plan.database is not None and plan.quack is None:
        again = functools.partial(_opened, plan, activity)
    return Database(_opened(plan, activity), plan.policy, again, activity)


def _opened(plan: Plan, activity: Activity) -> duckdb.DuckDBPyConnection:
    config = {**plan.config, "custom_user_agent": f"ecomsql/{ecomsql.__version__}"}
    con = ecomsql.connect(
        plan.database or ":memory:",
        read_only=plan.policy.read_only and plan.database is not None,
        config=dict(config),
    )
    try:
        # A table that is not there is no variable of this program.
        con.execute("SET GLOBAL python_enable_replacements = false")
        if plan.init is not None:
            run_file(con, plan.init)
        catalogue.install(con, activity)
        if plan.quack is not None:
            quack.prepare(con, plan.policy)
        plan.policy.apply(con)
    except BaseException:
        con.close()
        raise
    return con


async def serve(plan: Plan, started: Callable[[str, Address], None]) -> None:
    """Serve until SIGTERM or SIGINT; running statements then have :data:`DRAIN` seconds.

    Parameters
    ----------
    plan : Plan
        What the server is to be.
    started : callable
        Told whose clients can come now, and where.
    """
    plan.check()
    door = Door(plan.users, _context(plan), _needs_tls(plan))
    _allow_files(2 * plan.max_connections + SPARE_FILES)
    with interruptible():
        database = open_database(plan)
    end = _End()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end.asked)
    pool = ThreadPoolExecutor(plan.max_connections + 4, thread_name_prefix="ecomsql")
    try:
        async with _listening(plan, database, door, pool, end) as addresses:
            for whose, address in addresses:
                started(whose, address)
            await end.wanted.wait()
            LOG.info("stopping; statements have %g s to end", DRAIN)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        with contextlib.suppress(duckdb.Error):
            database.con.close()
    if end.is_broken:
        raise EcomsqlError("the database has failed, and cannot be opened again here")


class _End:
    """How a server comes to its end."""

    def __init__(self) -> None:
        self.wanted, self.hurried = asyncio.Event(), asyncio.Event()
        self.is_broken = False

    def asked(self) -> None:
        """Take a signal; a second one waits for no statement."""
        (self.hurried if self.wanted.is_set() else self.wanted).set()

    def broken(self) -> None:
        """Take note that the database is lost."""
        self.is_broken = True
        self.wanted.set()
        self.hurried.set()

    async def stop(self, listener: Listener) -> None:
        """End a listener; a statement that cannot be cancelled ends with the process."""
        if not await listener.stop(DRAIN, self.hurried):
            LOG.error("there are statements that do not end; the process ends with them")
            logging.shutdown()
            os._exit(1)


def _allow_files(count: int) -> None:
    """Let this process have so many files and connections open, as far as the system does."""
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    if wanted < count:
        LOG.warning("%d files may be open, too few for the largest number of clients", wanted)


@contextlib.asynccontextmanager
async def _listening(
    plan: Plan, database: Database, door: Door, pool: ThreadPoolExecutor, end: _End
) -> AsyncIterator[list[tuple[str, Address]]]:
    addresses: list[tuple[str, Address]] = []
    async with contextlib.AsyncExitStack() as ends:
        if plan.postgres is not None:
            limits = Limits(plan.statement_timeout)
            listener = Listener(
                database, door, pool, plan.max_connections, limits, broken=end.broken
            )
            port = await listener.start(plan.postgres.host, plan.postgres.port)
            ends.push_async_callback(end.stop, listener)
            addresses.append(("PostgreSQL", Address(plan.postgres.host, port)))
        if plan.quack is not None:
            where = quack.start(database.con, plan.quack, token=plan.token)
            ends.callback(quack.stop, database.con, where)
            addresses.append(("DuckDB", where))
        yield addresses


def _context(plan: Plan) -> ssl.SSLContext | None:
    if plan.tls is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(*plan.tls)
    except (OSError, ssl.SSLError) as error:
        raise OptionError(f"cannot use the certificate {plan.tls[0]}: {error}") from error
    return context


def _needs_tls(plan: Plan) -> bool:
    """Whether clients have to encrypt: all of them, where others than this machine can come."""
    beyond = plan.postgres is not None and not plan.postgres.is_loopback
    return plan.tls is not None and beyond and not plan.allow_plaintext
