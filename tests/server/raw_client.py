"""A client that says what it wants, byte by byte, also what no driver would."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import os
import socket
import struct
import time
from pathlib import Path

from running_server import PASSWORD, USER

SSL_REQUEST = struct.pack("!ii", 8, 80877103)
"""Asks whether the server encrypts."""


def message(kind: bytes, content: bytes = b"") -> bytes:
    """Return a message with its letter and length."""
    return kind + struct.pack("!i", len(content) + 4) + content


def startup(user: str = USER, code: int = 3 << 16, **settings: str) -> bytes:
    """Return a startup message."""
    pairs = {"user": user, **settings}
    said = b"".join(one.encode() + b"\0" for pair in pairs.items() for one in pair)
    content = struct.pack("!i", code) + said + b"\0"
    return struct.pack("!i", len(content) + 4) + content


def query(sql: str) -> bytes:
    """Return a simple query."""
    return message(b"Q", sql.encode() + b"\0")


class Raw:
    """One connection."""

    def __init__(self, server, *, timeout: float = 20.0, small: bool = False) -> None:
        self.socket = socket.socket()
        if small:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.settimeout(timeout)
        try:
            self.socket.connect((server.host, server.port))
        except BaseException:
            self.socket.close()
            raise
        self.key = b""

    def __enter__(self) -> Raw:
        return self

    def __exit__(self, *error: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> Raw:
        """Send bytes; that nobody takes them any more is seen by :meth:`rest`."""
        with contextlib.suppress(OSError):
            self.socket.sendall(data)
        return self

    def exactly(self, count: int) -> bytes:
        """Return so many bytes."""
        data = b""
        while len(data) < count:
            found = self.socket.recv(count - len(data))
            if not found:
                raise EOFError
            data += found
        return data

    def read(self) -> tuple[bytes, bytes]:
        """Return the next message's letter and content."""
        head = self.exactly(5)
        return head[:1], self.exactly(struct.unpack("!i", head[1:])[0] - 4)

    def until(self, kind: bytes) -> list[tuple[bytes, bytes]]:
        """Return the messages up to one of a kind."""
        found = [self.read()]
        while found[-1][0] != kind:
            found.append(self.read())
        return found

    def rest(self) -> bytes:
        """Return everything until the server closes the connection."""
        data = b""
        with contextlib.suppress(ConnectionError):
            while found := self.socket.recv(65536):
                data += found
        return data

    def log_in(self, password: str = PASSWORD, user: str = USER, **settings: str) -> Raw:
        """Come in; without the error that says no."""
        self.send(startup(user, **settings))
        self.prove(password)
        for kind, content in self.until(b"Z"):
            if kind == b"K":
                self.key = content
        return self

    def prove(self, password: str) -> None:
        """Prove that the password is known, up to the last message."""
        assert self.read()[0] == b"R"
        nonce = base64.b64encode(os.urandom(9)).decode()
        bare = f"n=,r={nonce}"
        first = f"n,,{bare}".encode()
        self.send(message(b"p", b"SCRAM-SHA-256\0" + struct.pack("!i", len(first)) + first))
        challenge = self.read()[1][4:].decode()
        said = dict(part.split("=", 1) for part in challenge.split(","))
        salted = hashlib.pbkdf2_hmac(
            "sha256", password.encode(), base64.b64decode(said["s"]), int(said["i"])
        )
        last = f"c=biws,r={said['r']}"
        key = hmac.digest(salted, b"Client Key", "sha256")
        signed = f"{bare},{challenge},{last}".encode()
        signature = hmac.digest(hashlib.sha256(key).digest(), signed, "sha256")
        proof = base64.b64encode(bytes(a ^ b for a, b in zip(key, signature, strict=True)))
        self.send(message(b"p", last.encode() + b",p=" + proof))

    def answer(self, sql: str) -> list[bytes]:
        """Run a query; return the first columns of its rows.

        Raises
        ------
        RuntimeError
            The server's error.
        """
        self.send(query(sql))
        found = self.until(b"Z")
        errors = [fields(content) for kind, content in found if kind == b"E"]
        if errors:
            raise RuntimeError(errors)
        return [content[6:] for kind, content in found if kind == b"D"]

    def prepare(self, name: str, sql: str) -> Raw:
        """Prepare a statement."""
        return self.send(message(b"P", f"{name}\0{sql}\0".encode() + bytes(2)))

    def bind(self, portal: str, statement: str) -> Raw:
        """Open a portal of a prepared statement without parameters."""
        return self.send(message(b"B", f"{portal}\0{statement}\0".encode() + bytes(6)))

    def rows(self, portal: str, limit: int) -> list[bytes]:
        """Take some rows of a portal; return their first columns."""
        self.send(message(b"E", portal.encode() + b"\0" + struct.pack("!i", limit)))
        self.send(message(b"H"))
        found = [self.read()]
        while found[-1][0] not in (b"s", b"C", b"E"):
            found.append(self.read())
        assert found[-1][0] != b"E", fields(found[-1][1])
        return [content[6:] for kind, content in found if kind == b"D"]


def fields(content: bytes) -> dict[str, str]:
    """Return the fields of an error by their letters."""
    return {one[:1].decode(): one[1:].decode() for one in content.split(b"\0") if one}


def error_of(data: bytes) -> dict[str, str]:
    """Return the fields of the error that a text of messages ends with."""
    at = 0
    found: dict[str, str] = {}
    while at + 5 <= len(data):
        (length,) = struct.unpack("!i", data[at + 1 : at + 5])
        if data[at : at + 1] == b"E":
            found = fields(data[at + 5 : at + 1 + length])
        at += 1 + length
    return found


def works(server) -> bool:
    """Whether a good client comes in and is answered."""
    with Raw(server) as good:
        return good.log_in().answer("SELECT 6 * 7") == [b"42"]


def held(server) -> dict[str, int]:
    """Return what the process of a server holds: files, threads, megabytes."""
    place = Path(f"/proc/{server.process.pid}")
    return {
        "files": len(list((place / "fd").iterdir())),
        "threads": len(list((place / "task").iterdir())),
        "megabytes": server.memory >> 20,
    }


def settled(server, before: dict[str, int], *, seconds: float = 10.0, megabytes: int = 60) -> None:
    """Wait until a server holds no more than before, but for threads of its pool and some memory.

    Threads that wait for work stay; memory goes back to the system in its own time.
    """
    most = {"files": before["files"], "megabytes": before["megabytes"] + megabytes}
    end = time.monotonic() + seconds
    while any((now := held(server))[what] > limit for what, limit in most.items()):
        assert time.monotonic() < end, (before, now)
        time.sleep(0.02)


def cursors(server) -> int:
    """Return how many connections DuckDB has, without the one that asks."""
    with Raw(server) as asks:
        [count] = asks.log_in().answer("FROM duckdb_connection_count()")
    return int(count) - 1
