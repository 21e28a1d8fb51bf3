"""``ecomsql client-sql``: what a stock DuckDB needs to call the functions of a server."""

from __future__ import annotations

import os
from pathlib import Path

import click
import duckdb

from ecomsql.cli.messages import note
from ecomsql.cli.output import check_writable, whole_file
from ecomsql.cli.serve import ADDRESS
from ecomsql.errors import OptionError
from ecomsql.server.addresses import Address
from ecomsql.server.client_sql import Client
from ecomsql.server.client_sql import client_sql as written
from ecomsql.server.quack_address import DEFAULT
from ecomsql.server.quack_extension import EXTENSIONS, packaged


@click.command("client-sql")
@click.option(
    "--quack",
    "address",
    type=ADDRESS,
    metavar="HOST:PORT",
    default=str(DEFAULT),
    show_default=True,
    help="The server.",
)
@click.option("--name", default="shop", show_default=True, help="What the client calls the server.")
@click.option(
    "--token-env",
    "variable",
    default="ECOMSQL_PASSWORD",
    show_default=True,
    help="The client's environment variable that holds the server's token.",
)
@click.option(
    "--token",
    "with_token",
    is_flag=True,
    help="Write the token, from that variable here and now, into the file; drivers need it.",
)
@click.option("--tls/--no-tls", default=None, help="Default: TLS to other machines only.")
@click.option(
    "--here",
    is_flag=True,
    help="Load the extensions that pip has installed here, not the client's own.",
)
@click.option(
    "--connect", is_flag=True, help="Send the whole session to the server; DuckDB 2.0 and later."
)
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path),
    help="Write to this file; with a token in it, only its owner can read it.",
)
def client_sql(
    address: Address,
    name: str,
    variable: str,
    with_token: bool,
    tls: bool | None,
    here: bool,
    connect: bool,
    target: Path | None,
) -> None:
    """Print the SQL for `duckdb -init FILE` that gives a stock DuckDB a server's functions."""
    try:
        client = Client(
            address=address,
            name=name,
            variable=variable,
            token=_token(variable) if with_token else None,
            extensions=_extensions() if here else (),
            tls=tls,
            connect=connect,
        )
    except OptionError as error:
        raise click.UsageError(str(error)) from error
    if target is None:
        click.echo(written(client), nl=False)
    else:
        _write(target, written(client), is_secret=with_token)


def _write(target: Path, text: str, *, is_secret: bool) -> None:
    check_writable(target)
    with whole_file(target) as whole:
        whole.touch(mode=0o600 if is_secret else 0o666)
        whole.write_text(text, encoding="utf-8")
    note(f"Use it: duckdb -init {target}")


def _token(variable: str) -> str:
    token = os.environ.get(variable)
    if not token:
        raise click.UsageError(f"--token: the environment variable {variable} is not set")
    return token


def _extensions() -> tuple[Path, ...]:
    """Return the files of the extensions in this environment.

    Raises
    ------
    click.UsageError
        If one is not there for this version of DuckDB.
    """
    version = f"v{duckdb.__version__}"
    found = {name: packaged(name, version) for name in EXTENSIONS}
    missing = [f"duckdb-extension-{name}" for name, file in found.items() if file is None]
    if missing:
        raise click.UsageError(
            f"--here: there is no {' and no '.join(missing)} for DuckDB {version[1:]} installed"
        )
    return tuple(file for file in found.values() if file is not None)
