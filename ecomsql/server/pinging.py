"""Asks a server whether it answers, without coming in."""

from __future__ import annotations

import socket
import struct

from ecomsql.server.addresses import Address


def ping(address: Address, seconds: float = 5.0) -> bool:
    """Return whether a server of PostgreSQL's protocol asks who is there.

    Raises
    ------
    OSError
        Nothing listens at the address.
    """
    content = struct.pack("!i", 3 << 16) + b"user\0ecomsql\0\0"
    with socket.create_connection((address.host, address.port), seconds) as there:
        there.sendall(struct.pack("!i", len(content) + 4) + content)
        return there.recv(1) in (b"R", b"E")
