"""Where a server listens: ``HOST:PORT``, and whether that is this machine alone."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from ecomsql.errors import OptionError

LOOPBACK = "127.0.0.1"

_ADDRESS = re.compile(r"(?:(?P<host>\[[0-9a-fA-F:.]+\]|[^\[\]:/\s]*):)?(?P<port>\d{1,5})")


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port; port 0 lets the system choose."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def parse_address(text: str) -> Address:
    """Read ``HOST:PORT``, ``[IPV6]:PORT`` or ``PORT``; without a host it is the loopback's.

    Raises
    ------
    OptionError
        The text is no address.

    Examples
    --------
    >>> str(parse_address("5432")), str(parse_address("[::1]:5432"))
    ('127.0.0.1:5432', '[::1]:5432')
    """
    found = _ADDRESS.fullmatch(text.strip())
    if found is None or int(found["port"]) > 65535:
        raise OptionError(f"'{text}' is no address; write HOST:PORT, as in {LOOPBACK}:5432")
    return Address((found["host"] or LOOPBACK).strip("[]"), int(found["port"]))
