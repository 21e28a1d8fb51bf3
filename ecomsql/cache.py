"""Fitted models and running queries' state in memory, bounded, least recently used first out."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import numpy as np

from ecomsql.progress import checkpoint

LOOK = 0.05
"""Seconds between two looks whether who waits for an entry is to stop."""


class Sized(Protocol):
    """Something that knows how much memory it takes."""

    @property
    def nbytes(self) -> int:
        """Memory in bytes."""


S = TypeVar("S", bound=Sized)


@dataclass(eq=False, slots=True)
class _Making:
    """An entry that a thread makes, for others to wait for; it stays None where that fails."""

    thread: int
    done: threading.Event = field(default_factory=threading.Event)
    made: Any = None


class Cache:
    """Keeps what was used last within a number of bytes; the newest stays whatever its size.

    What several threads ask for at the same time is made once.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, tuple[Any, int]] = OrderedDict()
        self._making: dict[str, _Making] = {}
        self._waiting: dict[int, _Making] = {}

    def get(self, key: str) -> Any | None:
        """Return the entry of `key`, now the most recently used, or None."""
        with self._lock:
            return self._used(key)

    def get_or_make(self, key: str, make: Callable[[], S]) -> S:
        """Return the entry of `key`; where there is none, make and keep it.

        Of the threads that ask meanwhile one makes it, and the others wait, even where the entry
        does not stay. If it fails, one of them makes another attempt. `make` may ask for other
        entries: threads that would wait for each other in a circle do not wait.

        Raises
        ------
        Stopped
            If the work of this thread is stopped while it waits.
        Exception
            Whatever `make` raises.
        """
        while True:
            found, making, is_mine = self._joined(key)
            if found is None and is_mine:
                found = self._made(key, making, make)
            elif found is None:
                found = self._awaited(making)
            if found is not None:
                return found

    def _used(self, key: str) -> Any | None:
        if key not in self._entries:
            return None
        self._entries.move_to_end(key)
        return self._entries[key][0]

    def _joined(self, key: str) -> tuple[Any | None, _Making, bool]:
        """Return the entry, or else who makes it, and whether this thread is to make it."""
        me = threading.get_ident()
        with self._lock:
            found, making = self._used(key), self._making.get(key)
            if found is not None:
                return found, _Making(me), False
            if making is None:
                making = self._making[key] = _Making(me)
                return None, making, True
            if self._waits_for(making, me):
                return None, _Making(me), True
            self._waiting[me] = making
            return None, making, False

    def _waits_for(self, making: _Making, thread: int) -> bool:
        """Whether what is being made waits, perhaps by way of others, for a thread."""
        while making.thread != thread:
            if making.thread not in self._waiting:
                return False
            making = self._waiting[making.thread]
        return True

    def _made(self, key: str, making: _Making, make: Callable[[], S]) -> S:
        try:
            entry = make()
            self.put(key, entry)
            making.made = entry
            return entry
        finally:
            with self._lock:
                if self._making.get(key) is making:
                    del self._making[key]
            making.done.set()

    def _awaited(self, making: _Making) -> Any | None:
        """Return what another thread makes, or None where it fails."""
        try:
            while not making.done.wait(LOOK):
                checkpoint()
        finally:
            with self._lock:
                del self._waiting[threading.get_ident()]
        return making.made

    def put(self, key: str, entry: Sized) -> None:
        """Keep `entry`, and drop the least recently used ones beyond the limit."""
        with self._lock:
            self._entries[key] = (entry, entry.nbytes)
            self._entries.move_to_end(key)
            while len(self._entries) > 1 and self.nbytes > self.limit:
                self._entries.popitem(last=False)

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            self._entries.clear()

    @property
    def nbytes(self) -> int:
        """Memory that the entries take, in bytes."""
        return sum(size for _, size in self._entries.values())


def content_key(arrays: Iterable[np.ndarray | None], options: Any) -> str:
    """Return a key of the content of arrays and of options (as JSON)."""
    digest = hashlib.blake2b(digest_size=20)
    for array in arrays:
        if array is None:
            digest.update(b"none")
        else:
            digest.update(f"{array.dtype}{array.shape}".encode())
            digest.update(np.ascontiguousarray(array).data)
    digest.update(json.dumps(options, sort_keys=True, default=str).encode())
    return digest.hexdigest()


def bytes_key(content: Any) -> str:
    """Return a key of the content of bytes, within this process.

    Models are tens of megabytes and looked up by every query. Numbers of 64 bits are multiplied by
    secret ones and added up, block by block (Carter, Wegman: Universal classes of hash functions,
    1979), which is ten times as fast as a cryptographic digest; that is taken of the sums.
    """
    whole = np.frombuffer(content, dtype=np.uint8)
    cut = len(whole) - len(whole) % (8 * len(_SECRET))
    digest = hashlib.blake2b(whole[cut:].tobytes(), digest_size=20)
    blocks = whole[:cut].view(np.uint64).reshape(-1, len(_SECRET))
    for secret in (_SECRET, _SECRET[::-1]):
        digest.update(np.einsum("ij,j->i", blocks, secret))
    digest.update(str(len(whole)).encode())
    return digest.hexdigest()


_SECRET = np.frombuffer(os.urandom(8 * 4096), dtype=np.uint64) | np.uint64(1)

CACHE = Cache(int(os.environ.get("ECOMSQL_CACHE_BYTES", 2 << 30)))
"""The process's cache. Its size in bytes: the environment variable ``ECOMSQL_CACHE_BYTES``, or
``ecomsql.cache.CACHE.limit``."""
