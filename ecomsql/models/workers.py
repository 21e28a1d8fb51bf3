"""Threads that each do small pieces of work, with one core per thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_EXCEPTION, wait
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

import torch

from ecomsql.progress import checkpoint
from ecomsql.threads import Threads

T = TypeVar("T")


class Workers:
    """Spreads pieces of work over threads; made by :func:`workers`."""

    def __init__(self, pool: Threads, threads: int) -> None:
        self._pool = pool
        self._threads = threads

    def __call__(self, function: Callable[[T], None], pieces: Iterable[T]) -> None:
        """Call `function` on each piece; the first error ends the work of the other threads.

        Each thread takes the next piece when it is done with one, and looks before for a signal
        to stop.
        """
        queue, lock, ended = iter(pieces), threading.Lock(), threading.Event()

        def work() -> None:
            while not ended.is_set():
                checkpoint()
                with lock:
                    piece = next(queue, ended)
                if isinstance(piece, threading.Event):
                    return
                function(piece)

        futures = [self._pool.submit(work) for _ in range(self._threads)]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            ended.set()
        for future in futures:
            future.result()


@contextmanager
def workers() -> Iterator[Workers]:
    """Give as many threads as Torch has, each of which uses one core.

    Torch splits one operation over the cores and joins them again at its end, which costs more
    than a small operation takes. Here every thread has pieces of its own, so an answer does not
    depend on the number of threads either.
    """
    threads = torch.get_num_threads()
    pool = Threads(threads, partial(torch.set_num_threads, 1))
    try:
        yield Workers(pool, threads)
    finally:
        pool.shutdown()
        # A thread that sets its own number also sets that of threads to come.
        torch.set_num_threads(threads)
