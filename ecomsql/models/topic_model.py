"""Topics together with the words that they are told in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ecomsql.errors import ModelError
from ecomsql.features.interactions import Floats
from ecomsql.features.spelled_terms import IDEOGRAPHS, WORDS
from ecomsql.features.text_counts import Vocabulary
from ecomsql.models.topic_lda import Lda
from ecomsql.models.topic_nmf import Nmf
from ecomsql.models.topic_words import relevant_words
from ecomsql.storage import StoredModel, pack_text, unpack_text

TASK = "topics"

METHODS: dict[str, type[Lda] | type[Nmf]] = {one.method: one for one in (Lda, Nmf)}


@dataclass(frozen=True, slots=True, eq=False)
class TopicModel:
    """What topics texts have.

    Attributes
    ----------
    model : Lda or Nmf
        Over counts of terms.
    vocabulary : Vocabulary
        The terms.
    spelling : list of str
        How each is spelled.
    """

    model: Lda | Nmf
    vocabulary: Vocabulary
    spelling: list[str]

    @property
    def nbytes(self) -> int:
        """Memory in bytes, about."""
        return self.model.nbytes + self.vocabulary.hashes.nbytes + 64 * len(self.spelling)

    def shares(self, texts: Sequence[str]) -> tuple[Floats, NDArray[np.bool_]]:
        """Return the share of each text's words that is of each topic, and whether it has any.

        Returns
        -------
        shares : float32 array, shape (texts, topics)
        known : bool array, shape (texts,)
        """
        counts = self.vocabulary.counts(texts)
        return self.model.word_shares(counts), np.diff(counts.indptr) > 0

    def top_words(self, n: int) -> list[list[tuple[str, float]]]:
        """Return the `n` most relevant words of each topic and their probabilities in it.

        Words that a topic does not have are left out.
        """
        words = self.model.words
        tops = relevant_words(words, self.model.usual, n)
        return [
            [(self.spelling[at], float(row[at])) for at in top if row[at] > 0]
            for row, top in zip(words, tops, strict=True)
        ]

    def stored(self) -> StoredModel:
        """Return what a blob holds."""
        arrays, values = self.model.state()
        own = {"hashes": self.vocabulary.hashes, **pack_text(self.spelling)}
        prefixed = {f"model.{name}": array for name, array in arrays.items()}
        return StoredModel(TASK, self.model.method, own | prefixed, values)

    @classmethod
    def restored(cls, found: StoredModel) -> Self:
        """Restore from :meth:`stored`, with nothing taken on trust.

        Raises
        ------
        ModelError
            If anything is missing, damaged, or does not fit together.
        """
        if found.method not in METHODS:
            raise ModelError(f"the model's method '{found.method}' is unknown to this version")
        arrays = {
            name.removeprefix("model."): array
            for name, array in found.arrays.items()
            if name.startswith("model.")
        }
        model = METHODS[found.method].from_state(arrays, found.values)
        try:
            own = {name: found.arrays[name] for name in ("hashes", "text", "offsets")}
        except KeyError as error:
            raise ModelError(f"the model of topics lacks {error}") from error
        hashes, spelling = own["hashes"], unpack_text(own["text"], own["offsets"])
        rising = hashes.dtype == np.uint64 and bool((hashes[1:] > hashes[:-1]).all())
        if not rising or not hashes.shape == (len(spelling),) == (model.words.shape[1],):
            raise ModelError("the model's words are damaged")
        return cls(model, Vocabulary(hashes, WORDS, IDEOGRAPHS), spelling)
