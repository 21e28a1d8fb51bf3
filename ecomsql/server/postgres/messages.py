"""The protocol's messages: those of the server are built, those of the client are taken apart.

Formats as in PostgreSQL's documentation, chapter "Frontend/Backend Protocol".
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ecomsql.server.postgres.errors import PostgresError
from ecomsql.server.postgres.types import PgType

TEXT, BINARY = 0, 1
"""Format codes of values."""

PARSE_COMPLETE = b"1\x00\x00\x00\x04"
BIND_COMPLETE = b"2\x00\x00\x00\x04"
CLOSE_COMPLETE = b"3\x00\x00\x00\x04"
NO_DATA = b"n\x00\x00\x00\x04"
EMPTY_QUERY = b"I\x00\x00\x00\x04"
PORTAL_SUSPENDED = b"s\x00\x00\x00\x04"
COPY_DONE = b"c\x00\x00\x00\x04"
AUTHENTICATED = b"R\x00\x00\x00\x08\x00\x00\x00\x00"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a result: its name and type."""

    name: str
    type: PgType
    typmod: int = -1


def message(kind: bytes, *parts: bytes) -> bytes:
    """Return a message: its letter, its length, its content."""
    content = b"".join(parts)
    return kind + struct.pack("!i", len(content) + 4) + content


def text(value: str) -> bytes:
    """Return a string as the protocol ends it; a NUL inside cannot be said and becomes a space."""
    return value.replace("\0", " ").encode("utf-8", "replace") + b"\0"


def authentication(code: int, content: bytes) -> bytes:
    """Return a request for authentication: 10 is SASL, 11 goes on, 12 ends it."""
    return message(b"R", struct.pack("!i", code), content)


def parameter_status(name: str, value: str) -> bytes:
    """Say what a setting of the session is."""
    return message(b"S", text(name), text(value))


def key_data(process: int, secret: bytes) -> bytes:
    """Return what a cancel request has to show."""
    return message(b"K", struct.pack("!i", process), secret)


def ready(status: str) -> bytes:
    """Say that the next command can come: idle (I), in a transaction (T), in a failed one (E)."""
    return message(b"Z", status.encode())


def report(kind: bytes, error: PostgresError) -> bytes:
    """Return an error (E) or a notice (N)."""
    fields = {
        "S": error.severity,
        "V": error.severity,
        "C": error.code,
        "M": error.message,
        "D": error.detail,
        "H": error.hint,
        "P": str(error.position) if error.position else None,
    }
    parts = [name.encode() + text(value) for name, value in fields.items() if value]
    return message(kind, *parts, b"\0")


def row_description(columns: Sequence[Column], formats: Sequence[int]) -> bytes:
    """Describe the columns of the rows to come."""
    parts = [struct.pack("!h", len(columns))]
    for column, form in zip(columns, formats, strict=True):
        kind = column.type
        parts.append(text(column.name))
        parts.append(struct.pack("!ihihih", 0, 0, kind.oid, kind.size, column.typmod, form))
    return message(b"T", *parts)


def parameter_description(oids: Iterable[int]) -> bytes:
    """Say what types the parameters of a statement have."""
    kinds = list(oids)
    return message(b"t", struct.pack(f"!h{len(kinds)}i", len(kinds), *kinds))


def command_complete(tag: str) -> bytes:
    """Say that a command is done, and what it did: ``SELECT 3``."""
    return message(b"C", text(tag))


def copy_out(columns: int, *, is_binary: bool) -> bytes:
    """Say that lines of text, or rows in binary, follow."""
    form = BINARY if is_binary else TEXT
    return message(b"H", struct.pack(f"!bh{columns}h", form, columns, *[form] * columns))


class Content:
    """Reads the content of a message, and knows where it ends."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes."""
        end = self._at + count
        if count < 0 or end > len(self._data):
            raise malformed()
        taken = self._data[self._at : end]
        self._at = end
        return taken

    def int16(self) -> int:
        """Return a number of two bytes."""
        return int.from_bytes(self.take(2), "big", signed=True)

    def int32(self) -> int:
        """Return a number of four bytes."""
        return int.from_bytes(self.take(4), "big", signed=True)

    def text(self) -> str:
        """Return a string that ends with NUL."""
        end = self._data.find(b"\0", self._at)
        if end < 0:
            raise malformed()
        taken = self._data[self._at : end]
        self._at = end + 1
        try:
            return taken.decode()
        except UnicodeDecodeError as error:
            raise PostgresError("22021", "text is not UTF-8") from error

    def int16s(self) -> list[int]:
        """Return a list of numbers of two bytes, its length before it."""
        return [self.int16() for _ in range(self.count())]

    def int32s(self) -> list[int]:
        """Return a list of numbers of four bytes, its length before it."""
        return [self.int32() for _ in range(self.count())]

    def count(self) -> int:
        """Return how many things follow."""
        return int.from_bytes(self.take(2), "big")

    def value(self) -> bytes | None:
        """Return a value with its length before it, -1 for NULL."""
        length = self.int32()
        return None if length == -1 else self.take(length)

    def rest(self) -> bytes:
        """Return what is left."""
        return self.take(len(self._data) - self._at)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left."""
        return self._at == len(self._data)


def shut_down() -> PostgresError:
    """Return what clients are told when the server stops."""
    return PostgresError(
        "57P01", "terminating connection due to administrator command", severity="FATAL"
    )


def malformed() -> PostgresError:
    """Return the error of a message that does not follow the protocol."""
    return PostgresError("08P01", "a message does not follow the protocol", severity="FATAL")
