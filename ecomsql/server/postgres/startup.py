"""The beginning of a connection: TLS, who it is, proof, and the settings it wants."""

from __future__ import annotations

import asyncio
import ssl
import struct
from dataclasses import dataclass

from ecomsql.server.postgres.errors import PostgresError
from ecomsql.server.postgres.messages import AUTHENTICATED, Content, authentication
from ecomsql.server.postgres.wire import Gone, Wire
from ecomsql.server.scram import MECHANISM, Exchange, ScramError
from ecomsql.server.users import Users

PROTOCOL = 3 << 16
CANCEL, SSL, GSS = 80877102, 80877103, 80877104
"""Codes that stand where the version of the protocol does."""

MOST = 10_000
"""Largest message, in bytes, of somebody who is not known yet."""


@dataclass(frozen=True, slots=True)
class Startup:
    """Who came in, and the settings of the startup message."""

    user: str
    settings: dict[str, str]


@dataclass(frozen=True, slots=True)
class Cancel:
    """Somebody who only wants the query of another connection cancelled."""

    process: int
    secret: bytes


@dataclass(frozen=True, slots=True)
class Door:
    """How people are let in.

    Parameters
    ----------
    users : Users
        Who may.
    tls : SSLContext or None
        Certificate and key, where there are any.
    needs_tls : bool
        Whether nobody comes in without.
    """

    users: Users
    tls: ssl.SSLContext | None = None
    needs_tls: bool = False


async def begin(wire: Wire, door: Door) -> Startup | Cancel:
    """Bring a connection to where it may ask, or to what it wants cancelled.

    Raises
    ------
    PostgresError
        Fatal: no proof, no such protocol.
    Gone
        The client left.
    """
    while True:
        code, content = await _first_message(wire)
        if code == SSL and door.tls is not None and not wire.is_encrypted:
            wire.write(b"S")
            await wire.start_tls(door.tls)
        elif code in (SSL, GSS):
            wire.write(b"N")
        elif code == CANCEL:
            return Cancel(content.int32(), content.rest())
        else:
            break
    if code >> 16 != 3:
        raise PostgresError(
            "0A000", f"unsupported frontend protocol {code >> 16}.{code & 0xFFFF}", severity="FATAL"
        )
    startup = _startup(content)
    options = [name for name in startup.settings if name.startswith("_pq_.")]
    if code != PROTOCOL or options:
        wire.write(_negotiated(options))
    if door.needs_tls and not wire.is_encrypted:
        raise PostgresError(
            "28000", "this server takes encrypted connections only", severity="FATAL"
        )
    await _prove(wire, door.users, startup.user)
    wire.write(AUTHENTICATED)
    return startup


async def _first_message(wire: Wire) -> tuple[int, Content]:
    """Return the code and the content of a message that has no letter."""
    (length,) = struct.unpack("!i", await wire.read(4))
    if not 8 <= length <= MOST:
        # Not our protocol: whoever it is would not understand an error.
        raise Gone
    content = Content(await wire.read(length - 4))
    return content.int32(), content


def _startup(content: Content) -> Startup:
    pairs: dict[str, str] = {}
    while not content.is_empty:
        name = content.text()
        if not name:
            break
        pairs[name] = content.text()
    user = pairs.pop("user", "")
    if not user:
        raise PostgresError("28000", "the startup message names no user", severity="FATAL")
    return Startup(user, pairs)


def _negotiated(options: list[str]) -> bytes:
    """Say that version 3.0 is spoken, and which extensions of the protocol are not."""
    names = b"".join(name.encode() + b"\0" for name in options)
    content = struct.pack("!ii", PROTOCOL, len(options)) + names
    return b"v" + struct.pack("!i", len(content) + 4) + content


async def _prove(wire: Wire, users: Users, user: str) -> None:
    """Let the client prove that it knows the user's password."""
    wire.write(authentication(10, MECHANISM.encode() + b"\0\0"))
    # 4,096 rounds of hashing were done when the verifier was made; the exchange itself is quick.
    exchange = Exchange(users.verifier(user))
    try:
        content = Content(await _proof(wire))
        _check(content.text() == MECHANISM, "another mechanism")
        wire.write(authentication(11, exchange.first(content.value() or b"")))
        final = exchange.final(await _proof(wire))
        _check(user in users, "no such user")
    except ScramError as error:
        # The same for a wrong name and a wrong password, and not at once.
        await asyncio.sleep(0.2)
        raise PostgresError(
            "28P01", f'password authentication failed for user "{user}"', severity="FATAL"
        ) from error
    wire.write(authentication(12, final))


def _check(is_right: bool, what: str) -> None:
    if not is_right:
        raise ScramError(what)


async def _proof(wire: Wire) -> bytes:
    head = await wire.read(5)
    (length,) = struct.unpack("!i", head[1:])
    if head[:1] != b"p" or not 4 <= length <= MOST:
        raise PostgresError("08P01", "a password was expected", severity="FATAL")
    return await wire.read(length - 4)
