"""What every embedder of texts can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Embedder(ABC):
    """Turns texts into vectors whose angles tell how alike the texts are.

    Subclasses keep what they learned in attributes, and give it away in :meth:`state` as plain
    arrays and JSON values, so that a model can be stored without code.
    """

    method: ClassVar[str]
    """Name in SQL: the stem of the file."""
    learns: ClassVar[bool] = True
    """Whether :meth:`fit` looks at the texts."""

    dims: int

    @classmethod
    @abstractmethod
    def fit(cls, texts: Sequence[str], *, dims: int, seed: int) -> Self:
        """Learn.

        Parameters
        ----------
        texts : sequence of str
            Different ones, in an order that does not depend on how they came.
        dims : int
            Length of the vectors.
        seed : int
            Same texts and same seed give the same model.
        """

    @abstractmethod
    def raw(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of any length, shape (texts, dims); of zeros where nothing is known."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of length 1, shape (texts, dims); of zeros where nothing is known.

        The vector of a text does not depend on the texts beside it.
        """
        return unit(self.raw(texts))

    def familiarity(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return how much of each text the embedder knows, 0 to 1, shape (texts,).

        A vector tells of what is known alone, and has the length 1 however little that is.
        """
        return np.ones(len(texts))

    @property
    @abstractmethod
    def nbytes(self) -> int:
        """Memory that it takes, in bytes."""

    @abstractmethod
    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the arrays and JSON values from which :meth:`from_state` restores the model."""

    @classmethod
    @abstractmethod
    def from_state(cls, arrays: dict[str, np.ndarray], values: dict[str, Any]) -> Self:
        """Restore a model. Raise ModelError when the arrays do not fit together."""


def unit(vectors: Vectors) -> Vectors:
    """Return the vectors with length 1, and those of zeros as they are."""
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64))
    scale = (1 / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    found: Vectors = vectors * scale[:, None]
    return found
