"""Trained models as bytes: weights and metadata only, so that loading one can never run code.

The bytes are a safetensors file (https://github.com/huggingface/safetensors): a JSON header whose
``__metadata__`` holds one JSON document, then the arrays. The document begins with a digest of the
arrays and values, so that the first bytes tell which model it is (see :func:`is_named`). Where that
makes them smaller, the arrays are one array: a compressed safetensors file. DuckDB compresses large
values in files, at the price of ten times as long a read, but not what is compressed already.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from safetensors import SafetensorError
from safetensors.numpy import load, save

from ecomsql.errors import ModelError
from ecomsql.version import __version__

HEAD = 256
"""First bytes of a model, which hold its digest, task, method and version."""

_KEY = "ecomsql"
_CODEC = "zstd"
_PACKED = "packed"
"""Name of the array that holds the others; in the document, how many bytes they are."""
_LARGE = 1 << 16
"""Packed is what has more bytes."""
_WORTH = 0.9
"""Packed is what becomes smaller than this share of itself."""
_MOST = 64
"""Packed is what is at most this many times as large as when it is packed: a few bytes of a model
that somebody made up must not fill the memory."""
_NAME = re.compile(
    rb'.{8}\{"__metadata__":\{"ecomsql":"\{\\"digest\\": \\"([0-9a-f]{40})\\"', re.DOTALL
)
_HEADER_LIMIT = 100_000_000


@dataclass(frozen=True, slots=True, eq=False)
class StoredModel:
    """What a model row's blob holds."""

    task: str
    method: str
    arrays: dict[str, np.ndarray]
    values: dict[str, Any]


def to_blob(model: StoredModel) -> bytes:
    """Return the bytes of a model."""
    arrays = {name: np.ascontiguousarray(array) for name, array in model.arrays.items()}
    arrays, size = _packed(arrays)
    document = {
        "digest": _digest(model.values, arrays),
        "task": model.task,
        "method": model.method,
        "version": __version__,
        _PACKED: size,
        "values": model.values,
    }
    return save(arrays, metadata={_KEY: json.dumps(document)})


def _packed(arrays: dict[str, np.ndarray]) -> tuple[dict[str, np.ndarray], int | None]:
    """Return arrays packed into one and their size, or as they are and None."""
    content = save(arrays)
    if len(content) <= _LARGE:
        return arrays, None
    packed = pa.compress(content, codec=_CODEC, asbytes=True)
    if not len(content) / _MOST <= len(packed) <= _WORTH * len(content):
        return arrays, None
    return {_PACKED: np.frombuffer(packed, dtype=np.uint8)}, len(content)


def _unpacked(arrays: dict[str, np.ndarray], size: Any) -> dict[str, np.ndarray]:
    """Undo :func:`_packed`."""
    if size is None:
        return arrays
    packed = arrays[_PACKED].tobytes()
    if type(size) is not int or not 0 <= size <= _MOST * len(packed):
        raise ValueError(f"{len(packed)} bytes cannot hold {size}")
    return load(pa.decompress(packed, decompressed_size=size, codec=_CODEC, asbytes=True))


def is_named(head: bytes) -> bool:
    """Whether the first ``HEAD`` bytes of a model tell it from all others; not of old versions'.

    They can be put before other bytes. No such model is ever restored, as :func:`from_blob` checks
    the digest.
    """
    return _NAME.match(head) is not None


def _digest(values: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> str:
    digest = hashlib.blake2b(json.dumps(values).encode(), digest_size=20)
    for name, array in sorted(arrays.items()):
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def from_blob(blob: bytes, *, tasks: tuple[str, ...]) -> StoredModel:
    """Read a model, trusting nothing in the bytes.

    Raises
    ------
    ModelError
        If the bytes are no model of ecomsql, are damaged, or hold a model of another task.
    """
    document = _document(blob)
    if document["task"] not in tasks:
        wanted = " or ".join(f"'{task}'" for task in tasks)
        raise ModelError(f"the model is for the task '{document['task']}', not for {wanted}")
    try:
        arrays = _arrays(blob, document)
    except (SafetensorError, ValueError, KeyError, OSError) as error:
        raise ModelError(f"the model's bytes are damaged: {error}") from error
    return StoredModel(document["task"], document["method"], arrays, document["values"])


def _arrays(blob: bytes, document: Mapping[str, Any]) -> dict[str, np.ndarray]:
    arrays = load(blob)
    name = _NAME.match(blob[:HEAD])
    if name is not None and name[1].decode() != _digest(document["values"], arrays):
        raise ValueError("they are not those that were trained")
    return _unpacked(arrays, document.get(_PACKED))


def described(blob: bytes) -> tuple[str, dict[str, Any]]:
    """Return the task and the JSON values of a model, without its arrays.

    Raises
    ------
    ModelError
        If the bytes are no model of ecomsql.
    """
    document = _document(blob)
    return document["task"], document["values"]


def _document(blob: bytes) -> dict[str, Any]:
    """Return the metadata, from the header alone."""
    foreign = ModelError("the bytes are not a model that ecomsql has trained")
    if len(blob) < 8:
        raise foreign
    size = int.from_bytes(blob[:8], "little")
    if size > min(len(blob) - 8, _HEADER_LIMIT):
        raise foreign
    try:
        document = json.loads(json.loads(blob[8 : 8 + size])["__metadata__"][_KEY])
        kinds = {"task": str, "method": str, "version": str, "values": dict}
        sound = all(isinstance(document[name], kind) for name, kind in kinds.items())
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise foreign from error
    if not sound:
        raise foreign
    return dict(document)


def pack_text(texts: list[str]) -> dict[str, np.ndarray]:
    """Return texts as two arrays: UTF-8 bytes and offsets."""
    encoded = [text.encode() for text in texts]
    offsets = np.concatenate([[0], np.cumsum([len(one) for one in encoded])]).astype(np.int64)
    return {"text": np.frombuffer(b"".join(encoded), dtype=np.uint8), "offsets": offsets}


def unpack_text(text: np.ndarray, offsets: np.ndarray) -> list[str]:
    """Return the texts of :func:`pack_text`; raise ModelError where the arrays do not fit."""
    sound = (
        text.dtype == np.uint8
        and offsets.dtype == np.int64
        and text.ndim == offsets.ndim == 1
        and len(offsets) > 0
        and offsets[0] == 0
        and offsets[-1] == len(text)
        and bool((np.diff(offsets) >= 0).all())
    )
    if not sound:
        raise ModelError("the model's ids are damaged")
    whole = text.tobytes()
    bounds = offsets.tolist()
    try:
        return [whole[a:b].decode() for a, b in pairwise(bounds)]
    except UnicodeDecodeError as error:
        raise ModelError("the model's ids are damaged") from error
