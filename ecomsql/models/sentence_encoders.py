"""Pretrained encoders of sentences, from a folder: no download, and no code of it runs."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ecomsql.errors import OptionError
from ecomsql.models.embedder import Vectors

Encoder = Callable[[list[str]], Vectors]
"""Gives the vectors of some texts, shape (texts, the encoder's own dimensions)."""

PIECES = 256
"""Pieces of words that an ONNX encoder reads of a text."""


@cache
def encoder_of(folder: Path) -> Encoder:
    """Return the encoder in a folder, loaded once.

    A folder of sentence-transformers has ``modules.json`` and ``model.safetensors``; one of ONNX
    has ``model.onnx``, there or in ``onnx``, and ``tokenizer.json``.

    Raises
    ------
    OptionError
        For a folder with neither, for one that asks for code to be run, and where the packages
        that it takes are not installed.
    """
    if (folder / "modules.json").is_file():
        return _of_modules(folder)
    found = [
        one for one in (folder / "model.onnx", folder / "onnx" / "model.onnx") if one.is_file()
    ]
    if found and (folder / "tokenizer.json").is_file():
        return _of_onnx(found[0], folder / "tokenizer.json")
    raise OptionError(
        f"the folder '{folder}' holds no encoder of sentences: neither modules.json and "
        "model.safetensors, nor model.onnx and tokenizer.json"
    )


def needs(package: str, extra: str) -> None:
    """Raise OptionError, saying how to install it, for a package that is not there."""
    if importlib.util.find_spec(package) is None:
        raise OptionError(
            f"an encoder of sentences needs a package that is not installed: "
            f"pip install 'ecomsql[{extra}]'"
        )


def _of_modules(folder: Path) -> Encoder:
    needs("sentence_transformers", "minilm")
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        strange = [one["type"] for one in modules if not _is_known(one["type"])]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OptionError(f"the folder '{folder}' holds no encoder of sentences") from error
    if strange:
        raise OptionError(f"the encoder in '{folder}' wants to run code: {strange[0]}")
    if not (folder / "model.safetensors").is_file():
        raise OptionError(f"the encoder in '{folder}' has no file model.safetensors")
    os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    return lambda texts: np.asarray(model.encode(texts, show_progress_bar=False), dtype=np.float32)


def _is_known(kind: str) -> bool:
    return kind.startswith("sentence_transformers.")


def _of_onnx(graph: Path, words: Path) -> Encoder:
    needs("onnxruntime", "onnx")
    needs("tokenizers", "onnx")
    import onnxruntime
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(words))
        session = onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    except Exception as error:  # these libraries raise plain exceptions
        raise OptionError(f"the encoder in '{graph.parent}' cannot be read: {error}") from error
    tokenizer.enable_truncation(PIECES)
    tokenizer.enable_padding()
    names = {one.name for one in session.get_inputs()}

    def encode(texts: list[str]) -> Vectors:
        read = tokenizer.encode_batch(texts)
        given = {
            "input_ids": np.array([one.ids for one in read], dtype=np.int64),
            "attention_mask": np.array([one.attention_mask for one in read], dtype=np.int64),
            "token_type_ids": np.array([one.type_ids for one in read], dtype=np.int64),
        }
        answers = session.run(None, {name: one for name, one in given.items() if name in names})
        return _pooled(answers, given["attention_mask"])

    return encode


def _pooled(answers: list[Any], mask: np.ndarray) -> Vectors:
    """Return the vector of each text: the graph's own, or the mean over its pieces."""
    flat = [one for one in answers if one.ndim == 2]
    if flat:
        return np.asarray(flat[0], dtype=np.float32)
    weights = mask[:, :, None].astype(np.float32)
    sums = (answers[0] * weights).sum(axis=1)
    found: Vectors = (sums / np.maximum(weights.sum(axis=1), 1)).astype(np.float32)
    return found
