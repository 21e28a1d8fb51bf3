"""Where a Quack server listens."""

from __future__ import annotations

import os
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
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, place = found[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name == "posix":
                # As the server does it: connections that are closing are not in the way.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
            return replace(address, port=probe.getsockname()[1])
    except OSError as error:
        reason = error.strerror or str(error)
        raise QuackError(f"the Quack server cannot listen on {address}: {reason}") from error
