"""Work in Torch on one core, whatever else may use the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def one_thread(*, unless: bool = False) -> Iterator[None]:
    """Let the operations of the thread that calls use one core, unless they are large.

    Small operations gain little by more: they are joined at the end of each, and where another
    process has a core, all wait for the part that it holds up.
    """
    threads = torch.get_num_threads()
    if not unless:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
