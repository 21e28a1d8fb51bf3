"""Work that blocks, done on a thread while the connection is watched."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from ecomsql.server.postgres.engine import Engine
from ecomsql.server.postgres.wire import Gone, Wire

T = TypeVar("T")

INSIST = 0.25
"""Seconds after which what was cancelled is interrupted again."""


class Background:
    """Does the work of one session on the threads of a pool.

    Parameters
    ----------
    wire : Wire
        The connection: a client that leaves cancels what is done for it.
    engine : Engine
        Its side of DuckDB.
    pool : Executor
        Threads.
    """

    def __init__(self, wire: Wire, engine: Engine, pool: Executor) -> None:
        self._wire, self._engine, self._pool = wire, engine, pool
        self._insisting: asyncio.TimerHandle
        wire.left = engine.cancel

    async def tidy(self, work: Callable[[], T]) -> T:
        """Do work that nothing cancels."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    async def do(self, work: Callable[[], T]) -> T:
        """Do work that can be cancelled.

        Raises
        ------
        Gone
            The client has left before.
        """
        if self._wire.gone.is_set():
            raise Gone
        self._engine.running(True)
        self._insisting = asyncio.get_running_loop().call_later(INSIST, self._insist)
        try:
            return await self.tidy(work)
        finally:
            self._insisting.cancel()
            self._engine.running(False)

    def _insist(self) -> None:
        """Cancel again what is cancelled and goes on: DuckDB forgets what came before it began."""
        if self._wire.is_cut or self._engine.is_cancelled:
            self._engine.cancel()
        self._insisting = asyncio.get_running_loop().call_later(INSIST, self._insist)
