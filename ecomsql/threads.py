"""Threads that do pieces of one piece of work, and never keep the interpreter from ending."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import Empty, SimpleQueue
from typing import Any, ParamSpec, TypeVar

from ecomsql.progress import carried

P = ParamSpec("P")
T = TypeVar("T")
Pieces = SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None]


class Threads(Executor):
    """A pool whose threads do the work of the thread that hands it to them.

    Python's own pool takes nothing more once the main thread has ended, though others go on, and
    then waits for all that was handed in. This one does neither.

    Parameters
    ----------
    count : int
        How many threads.
    initialize : callable, optional
        What each thread calls first.
    """

    def __init__(self, count: int, initialize: Callable[[], None] | None = None) -> None:
        self._pieces: Pieces = SimpleQueue()
        self._threads = [
            threading.Thread(target=_serve, args=(self._pieces, initialize), daemon=True)
            for _ in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a thread call `fn`, and return what will hold the answer."""
        future: Future[T] = Future()
        own = carried(fn)
        self._pieces.put((future, lambda: own(*args, **kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the threads end when all is done, or with `cancel_futures` what has begun."""
        if cancel_futures:
            _cancel(self._pieces)
        for _ in self._threads:
            self._pieces.put(None)
        if wait:
            for thread in self._threads:
                thread.join()


def _serve(pieces: Pieces, initialize: Callable[[], None] | None) -> None:
    if initialize is not None:
        initialize()
    while (piece := pieces.get()) is not None:
        _answer(*piece)
        # A thread that waits for more keeps nothing alive.
        del piece


def _answer(future: Future[Any], call: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(call())
    except BaseException as error:
        future.set_exception(error)


def _cancel(pieces: Pieces) -> None:
    while True:
        try:
            piece = pieces.get_nowait()
        except Empty:
            return
        if piece is not None:
            piece[0].cancel()
