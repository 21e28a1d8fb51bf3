"""Statements that run: their answers, and the rows of them that are sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ecomsql.server.postgres import messages
from ecomsql.server.postgres.answers import Answer, Copied
from ecomsql.server.postgres.background import Background
from ecomsql.server.postgres.engine import Engine
from ecomsql.server.postgres.errors import PostgresError
from ecomsql.server.postgres.statements import Plan, tag
from ecomsql.server.postgres.wire import Wire

Taken = tuple[list[memoryview], int, bool]
"""Messages of some rows, their number, whether more follow."""


@dataclass(slots=True)
class Portal:
    """A statement with its values."""

    plan: Plan
    values: dict[str, Any]
    formats: list[int]
    answer: Answer | None = None
    is_opened: bool = False
    first: Taken | None = None
    """Rows that were taken when the answer was got."""
    is_done: bool = False


class Portals:
    """Runs the statements of one session and sends what they answer.

    Parameters
    ----------
    wire : Wire
        The connection.
    engine : Engine
        Its side of DuckDB.
    background : Background
        Where both meet.
    """

    def __init__(self, wire: Wire, engine: Engine, background: Background) -> None:
        self._wire, self._engine, self._background = wire, engine, background
        self._named: dict[str, Portal] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._named

    def __getitem__(self, name: str) -> Portal:
        """Return a portal.

        Raises
        ------
        PostgresError
            It does not exist.
        """
        try:
            return self._named[name]
        except KeyError:
            raise PostgresError("34000", f'portal "{name}" does not exist') from None

    async def put(self, name: str, portal: Portal) -> None:
        """Keep a portal under a name, in place of another."""
        await self.drop(name)
        self._named[name] = portal

    async def drop(self, name: str) -> None:
        """Close a portal, if it is there."""
        portal = self._named.pop(name, None)
        if portal is not None and portal.answer is not None and not portal.is_done:
            answer = portal.answer
            await self._background.tidy(lambda: self._engine.closed(answer))

    async def drop_all(self) -> None:
        """Close every portal."""
        for name in list(self._named):
            await self.drop(name)

    def forget(self, name: str | None = None) -> None:
        """Forget a portal, or all, whose answers have ended otherwise."""
        if name is None:
            self._named.clear()
        else:
            self._named.pop(name, None)

    async def start(self, portal: Portal, *, most: int | None = None, reads: bool = False) -> None:
        """Get the answer of a portal, unless it is there already; perhaps its first rows too."""
        if portal.answer is None:
            await self._background.do(lambda: self._started(portal, most, reads=reads))

    def _started(self, portal: Portal, most: int | None, *, reads: bool) -> None:
        try:
            portal.answer = self._engine.answer(portal.plan, portal.values)
            if reads and not isinstance(portal.answer, Copied):
                self._engine.opened(portal.answer, formats_of(portal))
                portal.is_opened = True
                portal.first = self._engine.taken(portal.answer, most)
        except PostgresError:
            raise
        except Exception as error:
            raise self._engine.failed(error, portal.plan.sql) from error

    async def send(self, portal: Portal, most: int | None) -> None:
        """Send the rows of a portal, at most so many, and how it ended."""
        answer = portal.answer
        assert answer is not None
        if isinstance(answer, Copied):
            await self._copy(portal, answer)
        elif portal.is_done:
            self._complete(answer, 0)
        else:
            await self._send(portal, answer, most)

    async def _send(self, portal: Portal, answer: Answer, most: int | None) -> None:
        sent, more = 0, True
        while more and (most is None or sent < most):
            if sent:
                await self._wire.drain()
            chunks, rows, more = await self._more(
                portal, answer, None if most is None else most - sent
            )
            for chunk in chunks:
                self._wire.write(chunk)
            sent += rows
        if more:
            self.tell_notices()
            self._wire.write(messages.PORTAL_SUSPENDED)
        else:
            portal.is_done = True
            self._complete(answer, sent)

    async def _more(self, portal: Portal, answer: Answer, most: int | None) -> Taken:
        """Return some more rows of a portal."""
        if portal.first is not None:
            first, portal.first = portal.first, None
            return first
        await self._open(portal, answer)
        return await self._background.do(lambda: self._engine.taken(answer, most))

    async def _copy(self, portal: Portal, answer: Copied) -> None:
        is_binary = bool(answer.tail)
        await self._open(portal, answer, is_binary=is_binary)
        self._wire.write(messages.copy_out(len(answer.columns), is_binary=is_binary))
        if answer.head:
            self._wire.write(messages.message(b"d", answer.head))
        copied, more = 0, True
        while more:
            chunks, rows, more = await self._background.do(lambda: self._engine.taken(answer, None))
            for chunk in chunks:
                self._wire.write(chunk)
            copied += rows
            await self._wire.drain()
        if answer.end:
            self._wire.write(messages.message(b"d", answer.end))
        portal.is_done = True
        self._wire.write(messages.COPY_DONE)
        self.tell_notices()
        self._wire.write(messages.command_complete(f"COPY {copied}"))

    async def _open(self, portal: Portal, answer: Answer, *, is_binary: bool = False) -> None:
        if portal.is_opened:
            return
        formats = [1] * len(answer.columns or ()) if is_binary else formats_of(portal)
        await self._background.do(lambda: self._engine.opened(answer, formats))
        portal.is_opened = True

    def _complete(self, answer: Answer, rows: int) -> None:
        self.tell_notices()
        counts = answer.columns is not None and answer.tag in ("SELECT", "FETCH")
        self._wire.write(messages.command_complete(tag(answer.tag, rows) if counts else answer.tag))

    def tell_notices(self) -> None:
        """Send the notices that statements have left."""
        for notice in self._engine.notices:
            self._wire.write(messages.report(b"N", notice))
        self._engine.notices.clear()


def formats_of(portal: Portal) -> list[int]:
    """Return the format of each column of a portal that has its answer."""
    assert portal.answer is not None
    return spread(portal.formats, len(portal.answer.columns or ()))


def spread(codes: list[int], count: int) -> list[int]:
    """Return a format for each of so many values: none is text, one is for all.

    Raises
    ------
    PostgresError
        They are others than text and binary, or are too few or too many.
    """
    if any(code not in (0, 1) for code in codes):
        raise PostgresError("08P01", "a format is 0 or 1")
    if len(codes) <= 1:
        return (codes or [0]) * count
    if len(codes) != count:
        raise PostgresError("08P01", f"{len(codes)} formats were given for {count} values")
    return codes
