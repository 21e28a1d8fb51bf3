"""Where a Quack server listens."""

from __future__ import annotations

import os
import re
import socket
from dataclasses import dataclass, replace

from ecomsql.errors import QuackError

PORT = 9494
"""DuckDB's own choice."""

DEFAULT = f"127.0.0.1:{PORT}"

_WRITTEN = re.compile(
    r"(?:(?P<host>[A-Za-z0-9._-]+)|\[(?P<ipv6>[0-9A-Fa-f:.]+)\])(?::(?P<port>[0-9]{1,5}))?"
)

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read ``HOST:PORT``, ``HOST`` or ``[IPV6]:PORT``.

        Raises
        ------
        QuackError
            If it is none of them.

        Examples
        --------
        >>> Address.parse("[::1]:9000")
        Address(host='::1', port=9000)
        >>> Address.parse("localhost").uri
        'quack:localhost:9494'
        """
        bare = text.removeprefix("quack:")
        found = _WRITTEN.fullmatch(bare)
        if found is None or int(found["port"] or PORT) > 65535:
            raise QuackError(f"'{text}' is not HOST:PORT, as {DEFAULT} and [::1]:{PORT} are")
        return cls(found["host"] or found["ipv6"], int(found["port"] or PORT))

    def __str__(self) -> str:
        """Return ``HOST:PORT``."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def uri(self) -> str:
        """What DuckDB calls it."""
        return f"quack:{self}"

    @property
    def is_local(self) -> bool:
        """Whether DuckDB takes it for this machine, without asking for ``allow_other_hostname``."""
        return self.host in _LOCAL

    def listenable(self) -> Address:
        """Return the address with a port for 0.

        DuckDB shares a port that another Quack server has: each would get some of the clients.

        Raises
        ------
        QuackError
            If something listens there, or nothing can.
        """
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
            family, kind, protocol, _, place = found[0]
            with socket.socket(family, kind, protocol) as probe:
                if os.name == "posix":
                    # As the server does it: connections that are closing are not in the way.
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(place)
                return replace(self, port=probe.getsockname()[1])
        except OSError as error:
            reason = error.strerror or str(error)
            raise QuackError(f"the Quack server cannot listen on {self}: {reason}") from error
