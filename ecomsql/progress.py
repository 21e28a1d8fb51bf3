"""Progress of long work on a terminal, and the signal that ends it.

Work that takes long calls :func:`track` around its loop, or :func:`checkpoint` between its steps.
A bar appears on stderr only if stderr is a terminal and the work has lasted a second; a call of
:func:`stop` from another thread makes the next checkpoint raise :class:`~ecomsql.errors.Stopped`:
that of all work in the process, or of one connection's (see :class:`ecomsql.work.Work`).
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from tqdm import tqdm

from ecomsql.errors import Stopped

P = ParamSpec("P")
T = TypeVar("T")

_stopped: set[int | None] = set()
"""Numbers of the work that is to end; None is all of it."""
_local = threading.local()


def stop(work: int | None = None) -> None:
    """Ask running work to end at its next checkpoint: all of it, or that of one number."""
    _stopped.add(work)


def resume(work: int | None = None) -> None:
    """Forget an earlier :func:`stop` of the same."""
    _stopped.discard(work)


def checkpoint() -> None:
    """Raise :class:`Stopped` if the user asked for the work to end."""
    if _stopped and (None in _stopped or current_work() in _stopped):
        raise Stopped("stopped on request")


def current_work() -> int | None:
    """Return the number of the work that this thread does; None where it has none."""
    return getattr(_local, "work", None)


@contextmanager
def working_for(work: int | None) -> Iterator[None]:
    """Let what this thread does be the work of a number."""
    before = current_work()
    _local.work = work
    try:
        yield
    finally:
        _local.work = before


def carried(function: Callable[P, T]) -> Callable[P, T]:
    """Return `function` as a part of the work of the thread that asks, for threads of a pool."""
    work = current_work()

    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        with working_for(work):
            return function(*args, **kwargs)

    return call


def track(steps: Iterable[T], label: str, *, total: int | None = None) -> Iterator[T]:
    """Yield from `steps`, with a checkpoint before each and a progress bar on a terminal.

    Only the outermost loop shows a bar.

    Parameters
    ----------
    steps : iterable
        What to go through.
    label : str
        What the work is, for the bar: ``"als"``.
    total : int, optional
        Number of steps, where `steps` has no length.
    """
    depth = getattr(_local, "depth", 0)
    hidden = depth > 0 or not sys.stderr.isatty()
    _local.depth = depth + 1
    try:
        for step in tqdm(
            steps, desc=label, total=total, disable=hidden, delay=1.0, leave=False, file=sys.stderr
        ):
            checkpoint()
            yield step
    finally:
        _local.depth = depth
