"""``ecomsql serve`` and ``ecomsql ping``."""

from __future__ import annotations

import asyncio
import logging
import math
import os
import sys
from pathlib import Path
from typing import Any

import click

from ecomsql.cli.messages import note
from ecomsql.errors import EcomsqlError
from ecomsql.server.addresses import Address, parse_address

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


class _AddressType(click.ParamType[Address]):
    name = "host:port"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Address:
        """Read an address."""
        if isinstance(value, Address):
            return value
        try:
            return parse_address(value)
        except EcomsqlError as error:
            self.fail(str(error), param, ctx)


ADDRESS = _AddressType()
POSTGRES = Address("127.0.0.1", 5432)


@click.command()
@click.argument("database", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--postgres",
    type=ADDRESS,
    metavar="HOST:PORT",
    help=f"Listen for clients of PostgreSQL; default: {POSTGRES}, where nothing else is asked for.",
)
@click.option(
    "--quack",
    type=ADDRESS,
    metavar="HOST:PORT",
    help="Listen for DuckDB's own clients; see client-sql. The password is their token.",
)
@click.option("--read-only", is_flag=True, help="Nothing is written, attached or installed.")
@click.option(
    "--allow-dir",
    "folders",
    type=FOLDER,
    multiple=True,
    help="Files are read from here only; may be repeated. With --read-only, none without it.",
)
@click.option("--users", type=FILE, help="File of lines name:password, its owner's alone.")
@click.option("--tls-cert", type=FILE, help="Certificate, PEM.")
@click.option("--tls-key", type=FILE, help="Its key, PEM.")
@click.option("--allow-plaintext", is_flag=True, help="Listen beyond this machine without TLS.")
@click.option("--init", type=FILE, help="SQL to run first.")
@click.option("--max-connections", type=click.IntRange(1, 10_000), default=100, show_default=True)
@click.option(
    "--statement-timeout",
    type=click.FloatRange(min=0, max=1e9),
    default=0.0,
    callback=lambda ctx, param, value: _finite(value),
    help="Seconds after which a statement is cancelled; default: never.",
)
@click.option("--memory-limit", help="Memory that DuckDB may take: 4GB.")
@click.option(
    "--threads", type=click.IntRange(min=1), help="Threads of DuckDB; default: all cores."
)
@click.option(
    "-v", "--verbose", count=True, help="Log every connection; twice: every statement too."
)
def serve(
    database: Path | None,
    postgres: Address | None,
    quack: Address | None,
    read_only: bool,
    folders: tuple[Path, ...],
    users: Path | None,
    tls_cert: Path | None,
    tls_key: Path | None,
    allow_plaintext: bool,
    init: Path | None,
    max_connections: int,
    statement_timeout: float,
    memory_limit: str | None,
    threads: int | None,
    verbose: int,
) -> None:
    """Serve DATABASE, or one in memory, with every function, until SIGTERM or Ctrl-C.

    One user, ecomsql, has the password in the environment variable ECOMSQL_PASSWORD; without it
    one is made up and printed. --users names several.
    """
    from ecomsql.server.policy import Policy
    from ecomsql.server.serving import Plan
    from ecomsql.server.serving import serve as run

    if (tls_cert is None) != (tls_key is None):
        raise click.UsageError("--tls-cert and --tls-key go together")
    if read_only and database is not None and not database.exists():
        raise click.UsageError(f"there is no database {database} to read")
    limits = {"memory_limit": memory_limit, "threads": threads and str(threads)}
    password = _password() if users is None or quack else ""
    plan = Plan(
        users=_users(users, password),
        database=database,
        postgres=postgres if postgres or quack else POSTGRES,
        quack=quack,
        token=password,
        policy=Policy(read_only, list(folders)),
        tls=(tls_cert, tls_key) if tls_cert and tls_key else None,
        allow_plaintext=allow_plaintext,
        init=init,
        max_connections=max_connections,
        statement_timeout=statement_timeout,
        config={name: value for name, value in limits.items() if value},
    )
    logging.basicConfig(
        stream=sys.stderr,
        level=(logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)],
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    asyncio.run(run(plan, lambda whose, at: note(f"listening for {whose}'s clients on {at}")))


@click.command()
@click.argument("address", type=ADDRESS, default=str(POSTGRES), required=False)
def ping(address: Address) -> None:
    """Say whether a server answers at ADDRESS, HOST:PORT; exit code 1 if none does."""
    from ecomsql.server.pinging import ping as asked

    try:
        answers = asked(address)
    except OSError as error:
        raise click.ClickException(f"no server at {address}: {error.strerror or error}") from error
    if not answers:
        raise click.ClickException(f"what listens at {address} is no server of this kind")
    click.echo(f"{address} answers")


def _finite(seconds: float) -> float:
    # No comparison with it is true, so that it is in every range.
    if math.isnan(seconds):
        raise click.BadParameter("nan is no number of seconds")
    return seconds


def _users(file: Path | None, password: str) -> Any:
    from ecomsql.server.scram import Verifier
    from ecomsql.server.users import USER, Users, read_users

    return Users({USER: Verifier.of(password)}) if file is None else read_users(file)


def _password() -> str:
    """Return the password of the one user, which is the token of DuckDB's clients."""
    from ecomsql.server.users import PASSWORD, USER, generated_password

    password = os.environ.get(PASSWORD)
    if password is None:
        password = generated_password()
        note(f"user {USER}, password {password} (set {PASSWORD} to choose one)")
    elif not password:
        raise click.UsageError(f"{PASSWORD} is empty; unset it to have a password made up")
    return password
