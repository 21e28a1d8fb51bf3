"""Fitted models and running queries' state in memory, bounded, least recently used first out."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np


class Sized(Protocol):
    """Something that knows how much memory it takes."""

    @property
    def nbytes(self) -> int:
        """Memory in bytes."""


class Cache:
    """Keeps what was used last within a number of bytes; the newest stays whatever its size."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, tuple[Any, int]] = OrderedDict()

    def get(self, key: str) -> Any | None:
        """Return the entry of `key`, now the most recently used, or None."""
        with self._lock:
            if key not in self._entries:
                return None
            self._entries.move_to_end(key)
            return self._entries[key][0]

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
