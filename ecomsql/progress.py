"""Progress of long work on a terminal, and the signal that ends it.

Work that takes long calls :func:`track` around its loop, or :func:`checkpoint` between its steps.
A bar appears on stderr only if stderr is a terminal and the work has lasted a second; a call of
:func:`stop` from another thread makes the next checkpoint raise :class:`~ecomsql.errors.Stopped`.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Iterator
from typing import TypeVar

from tqdm import tqdm

from ecomsql.errors import Stopped

T = TypeVar("T")

_stop = threading.Event()
_local = threading.local()


def stop() -> None:
    """Ask all running work to end at its next checkpoint."""
    _stop.set()


def resume() -> None:
    """Forget an earlier :func:`stop`."""
    _stop.clear()


def checkpoint() -> None:
    """Raise :class:`Stopped` if the user asked for the work to end."""
    if _stop.is_set():
        raise Stopped("stopped on request")


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
