"""Serves a database over Quack, the protocol that DuckDB's own shells and drivers speak.

The protocol is DuckDB's extension ``quack``; this loads it, starts it, and says what clients may
do. A client that has the token is as free as the server's own connection, within the policy and
what is off for the whole instance (DuckDB's ``enable_external_access``, ``lock_configuration``).
"""

from __future__ import annotations

import contextlib
import time
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

import duckdb

from ecomsql.errors import QuackError
from ecomsql.registration import register
from ecomsql.server import quack_gate
from ecomsql.server.addresses import Address
from ecomsql.server.policy import Policy
from ecomsql.server.quack_address import DEFAULT, is_answered, listenable, uri
from ecomsql.server.quack_extension import load

LEAST_TOKEN = 4
"""Letters of the shortest token that the extension takes."""

PATIENCE = 10.0
"""Seconds that a server has to begin, and to end."""

_KNOWN = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts that DuckDB knows to be this machine."""

_REACHED = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""Where a server is reached that listens everywhere."""


def prepare(con: duckdb.DuckDBPyConnection, policy: Policy | None = None) -> None:
    """Load the extension, and put the policy before whatever clients send.

    To be done before external access is switched off or the configuration is locked; a second time
    changes nothing.

    Raises
    ------
    QuackError
        The extension is not installed.
    """
    register(con)
    load(con)
    quack_gate.install(con, policy or Policy())


def start(
    con: duckdb.DuckDBPyConnection,
    address: Address = DEFAULT,
    *,
    token: str,
    policy: Policy | None = None,
) -> Address:
    """Serve the database of a connection, in threads of DuckDB's, until :func:`stop`.

    Stop before the connection is closed.

    Parameters
    ----------
    con : duckdb.DuckDBPyConnection
        An open connection; the functions are registered on it. Its search path is what clients
        start with, so that ``FROM recommend(events)`` works without a prefix there too.
    address : Address
        Port 0 takes one that is free. What is sent is not encrypted: for clients on other machines
        put a proxy that speaks TLS before it.
    token : str
        What clients must know, at least four letters. They send it on connecting.
    policy : Policy, optional
        What clients may do, if :func:`prepare` has not been told; default: everything.

    Returns
    -------
    Address
        Where it listens; clients attach :func:`~ecomsql.server.quack_address.uri` of it.

    Raises
    ------
    QuackError
        The address cannot be had, the token is too short, or the extension is not installed.
    """
    if len(token) < LEAST_TOKEN:
        raise QuackError(f"the token of a Quack server has {LEAST_TOKEN} letters or more")
    where = listenable(address)
    try:
        prepare(con, policy)
        # Bound and not written out, so that no log of queries holds the token.
        [(url,)] = con.execute(
            "SELECT listen_url FROM quack_serve(?, token := ?, allow_other_hostname := ?)",
            [uri(where), token, where.host not in _KNOWN],
        ).fetchall()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise QuackError(f"the Quack server cannot start on {where}: {reason}") from error
    _wait_for(url)
    return where


def stop(con: duckdb.DuckDBPyConnection, address: Address) -> None:
    """End the server that :func:`start` has begun; one that is not there is no error.

    Clients get no more answers. Queries that run when it ends are not interrupted: DuckDB 1.5 has
    no way to.
    """
    [(status,)] = con.execute("FROM quack_stop(?)", [uri(address)]).fetchall()
    end = time.monotonic() + PATIENCE
    # It ends in a thread of its own.
    while status.startswith("Stopped") and is_answered(address) and time.monotonic() < end:
        time.sleep(0.01)


def _wait_for(url: str) -> None:
    """Return when the server answers; the database hangs if it is closed before."""
    place = urlsplit(url)
    if place.scheme != "http" or place.hostname is None:
        return
    host = _REACHED.get(place.hostname, place.hostname)
    end = time.monotonic() + PATIENCE
    while not _answers(host, place.port):
        if time.monotonic() > end:
            raise QuackError(f"the Quack server at {url} does not answer")
        time.sleep(0.01)


def _answers(host: str, port: int | None) -> bool:
    try:
        with contextlib.closing(HTTPConnection(host, port, timeout=PATIENCE)) as asked:
            asked.request("GET", "/", headers={"Connection": "close"})
            asked.getresponse().read()
    except (OSError, HTTPException):
        return False
    return True
