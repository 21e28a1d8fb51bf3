"""Where a Quack server listens."""

from __future__ import annotations

import errno
import socket
from dataclasses import replace

from ecomsql.errors import QuackError
from ecomsql.server.addresses import LOOPBACK, Address

DEFAULT = Address(LOOPBACK, 9494)
"""With DuckDB's own choice of a port."""


def uri(address: Address) -> str:
    """Return what DuckDB calls an address.

    Examples
    --------
    >>> uri(DEFAULT)
    'quack:127.0.0.1:9494'
    """
    return f"quack:{address}"


def listenable(address: Address) -> Address:
    """Return an address that a server can have, with a port for 0.

    DuckDB itself shares a port that another Quack server has: each would get some of the clients.

    Raises
    ------
    QuackError
        If something listens there, or nothing can.
    """
    try:
        return replace(address, port=_bound(address))
    except OSError as error:
        # Connections of a server that has ended linger on its port; DuckDB does not mind them.
        if error.errno == errno.EADDRINUSE and not is_answered(address):
            return address
        reason = error.strerror or str(error)
        raise QuackError(f"the Quack server cannot listen on {address}: {reason}") from error


def _bound(address: Address) -> int:
    """Take a port for a moment, and return it."""
    found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    family, kind, protocol, _, place = found[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.bind(place)
        return int(probe.getsockname()[1])


def is_answered(address: Address) -> bool:
    """Return whether something listens at an address."""
    try:
        socket.create_connection((address.host, address.port), timeout=1).close()
    except OSError:
        return False
    return True
