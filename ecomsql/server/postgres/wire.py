"""One client's bytes: bounded reads, writes that wait for a slow reader, the end as an event."""

from __future__ import annotations

import asyncio
import contextlib
import select
import socket
import ssl
from collections.abc import Callable
from typing import cast

HIGH_WATER = 1 << 20
"""Bytes that wait to be read before the client is made to wait."""

STRANGERS_WATER = 1 << 14
"""The same for a client that is not known yet."""


LINGER = 5.0
"""Seconds that a client has to take what was sent before the connection closed."""


class Gone(ConnectionError):
    """The client has closed the connection, or the network has."""


class Wire(asyncio.Protocol):
    """The transport of one connection.

    asyncio's streams do not say that a client has left while nobody reads, and keep what came in
    before TLS for after it; here :attr:`gone` is set at once, and :meth:`start_tls` refuses.
    """

    def __init__(self) -> None:
        self.gone = asyncio.Event()
        self.left: Callable[[], None] | None = None
        """Called once when the client leaves."""
        self._transport: asyncio.Transport
        self._buffer = bytearray()
        self._wanted = 0
        self.ahead = STRANGERS_WATER
        """Bytes that may wait to be read."""
        self._arrived: asyncio.Future[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._farewell: asyncio.TimerHandle | None = None

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=HIGH_WATER)
        connection = transport.get_extra_info("socket")
        if connection is not None:
            # A client whose machine has vanished says nothing: the system asks for it.
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def data_received(self, data: bytes) -> None:
        """Keep what came; make the client wait when it is far ahead."""
        self._buffer += data
        if len(self._buffer) >= self._wanted:
            self._wake()
        if len(self._buffer) > max(self.ahead, self._wanted):
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        """Take a client that says no more as gone: no driver closes one half of a connection."""
        self._end()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Wake whoever waits."""
        if self._farewell is not None:
            self._farewell.cancel()
        self._end()

    def pause_writing(self) -> None:
        """Let :meth:`drain` wait."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Let :meth:`drain` go on."""
        self._writable.set()

    # What the session calls.

    @property
    def buffered(self) -> int:
        """Bytes that have come and not been read."""
        return len(self._buffer)

    async def read(self, count: int) -> bytes:
        """Return exactly `count` bytes.

        Raises
        ------
        Gone
            The connection ended before.
        """
        while len(self._buffer) < count:
            if self.gone.is_set():
                raise Gone
            self._wanted = count
            self._transport.resume_reading()
            self._arrived = asyncio.get_running_loop().create_future()
            await self._arrived
        self._wanted = 0
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        if len(self._buffer) <= self.ahead and not self.gone.is_set():
            self._transport.resume_reading()
        return data

    def next_kind(self) -> bytes:
        """Return the letter of the message that has begun to come, if one has."""
        return bytes(self._buffer[:1])

    def next_limit(self) -> int:
        """Return the number of rows that an Execute which has come whole asks for; 0: all."""
        end = 1 + int.from_bytes(self._buffer[1:5], "big")
        whole = bytes(self._buffer[:end])
        return int.from_bytes(whole[-4:], "big") if len(whole) == end else -1

    def write(self, data: bytes | memoryview) -> None:
        """Send, without waiting."""
        if not self.gone.is_set():
            self._transport.write(data)

    async def drain(self) -> None:
        """Wait until a client that reads slowly has read enough.

        Raises
        ------
        Gone
            The connection ended.
        """
        await self._writable.wait()
        if self.gone.is_set():
            raise Gone

    async def start_tls(self, context: ssl.SSLContext) -> None:
        """Go on encrypted.

        Raises
        ------
        Gone
            The handshake failed, or bytes had come before it, which would pass for encrypted ones.
        """
        if self._buffer:
            raise Gone
        loop = asyncio.get_running_loop()
        try:
            transport = await loop.start_tls(self._transport, self, context, server_side=True)
        except (OSError, ssl.SSLError) as error:
            raise Gone from error
        if transport is None:
            raise Gone
        self.connection_made(transport)

    @property
    def is_encrypted(self) -> bool:
        """Whether TLS is on."""
        return self._transport.get_extra_info("ssl_object") is not None

    @property
    def peer(self) -> str:
        """Address of the client, as text."""
        address = self._transport.get_extra_info("peername")
        return f"{address[0]}:{address[1]}" if address else "?"

    @property
    def is_cut(self) -> bool:
        """Whether the client has closed its end, also while nothing is read from it.

        It is then far ahead, and what it has sent stands before the news of its end.
        """
        connection = self._transport.get_extra_info("socket")
        if self.gone.is_set() or connection is None or connection.fileno() < 0:
            return True
        if not hasattr(select, "POLLRDHUP"):
            return False
        asked = select.poll()
        asked.register(connection.fileno(), select.POLLRDHUP)
        return bool(asked.poll(0))

    def close(self) -> None:
        """Send what is left and close; who does not take it in time loses it."""
        if self._farewell is None:
            loop = asyncio.get_running_loop()
            self._farewell = loop.call_later(LINGER, self._transport.abort)
        self._transport.close()
        self._end()

    def abort(self) -> None:
        """Close at once; what has not been sent is lost."""
        self._transport.abort()

    def _wake(self) -> None:
        if self._arrived is not None and not self._arrived.done():
            self._arrived.set_result(None)

    def _end(self) -> None:
        self.gone.set()
        if self.left is not None:
            left, self.left = self.left, None
            left()
        self._writable.set()
        self._wake()
