"""A trained classifier of opinions: the terms it knows, its members, and how they are blended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from ecomsql.errors import ModelError
from ecomsql.features.opinion_labels import NAMES
from ecomsql.features.text_counts import Vocabulary
from ecomsql.models import sentiments
from ecomsql.models.blend import Blend
from ecomsql.models.lexicon_odds import lexicon_odds
from ecomsql.models.target import probabilities
from ecomsql.models.text_classifier import Scores, TextClassifier
from ecomsql.storage import StoredModel

TASK = "sentiment"
WORDS = 2
"""Words in a sequence, at most."""
IDEOGRAPHS = 3
"""Ideographs in a sequence, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class SentimentModel:
    """What tells opinions of texts apart.

    Attributes
    ----------
    vocabulary : Vocabulary
    members : tuple of TextClassifier
    blend : Blend
        Of the members and, where there is one weight more, of the lexicon.
    classes : tuple of int
        Opinions that it knows, ascending; see :mod:`~ecomsql.features.opinion_labels`.
    metrics : dict
    """

    vocabulary: Vocabulary
    members: tuple[TextClassifier, ...]
    blend: Blend
    classes: tuple[int, ...]
    metrics: dict[str, Any] = field(default_factory=dict)

    def probabilities(self, texts: Sequence[str]) -> Scores:
        """Return the probability of each of `classes`, shape (texts, classes)."""
        counts = self.vocabulary.counts(texts)
        raws = [one.raw(counts) for one in self.members]
        if self.asks_lexicon:
            raws.append(lexicon_odds(texts, len(self.blend.shift)))
        return probabilities(self.blend(raws))

    @property
    def asks_lexicon(self) -> bool:
        """Whether what the lexicon says counts too: by the last of the weights."""
        return len(self.blend.weights) == len(self.members) + 1

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes."""
        own = sum(one.nbytes for member in self.members for one in member.state().values())
        return self.vocabulary.hashes.nbytes + own

    @property
    def method(self) -> str:
        """The methods that it is made of; the lexicon is not named."""
        return "+".join(one.method for one in self.members)

    def stored(self) -> StoredModel:
        """Return what a blob holds."""
        arrays = {
            f"{member.method}.{name}": array
            for member in self.members
            for name, array in member.state().items()
        }
        shared = {
            "terms": self.vocabulary.hashes,
            "blend.weights": self.blend.weights,
            "blend.shift": self.blend.shift,
        }
        return StoredModel(TASK, self.method, arrays | shared, {"classes": list(self.classes)})

    @classmethod
    def restored(cls, stored: StoredModel) -> Self:
        """Restore a model; raise ModelError if anything does not fit."""
        names = stored.method.split("+")
        if not set(names) <= set(sentiments.methods()):
            raise ModelError(f"the model's method '{stored.method}' is unknown to this version")
        arrays = stored.arrays
        try:
            terms, classes = arrays["terms"], tuple(stored.values["classes"])
            blend = Blend(arrays["blend.weights"], arrays["blend.shift"])
        except (KeyError, TypeError) as error:
            raise ModelError(f"the model lacks {error}") from error
        members = tuple(sentiments.method(name).from_state(_own(arrays, name)) for name in names)
        model = cls(Vocabulary(terms, WORDS, IDEOGRAPHS), members, blend, classes)
        model._check()
        return model

    def _check(self) -> None:
        terms, blend = self.vocabulary.hashes, self.blend
        outputs = len(self.classes) if len(self.classes) > 2 else 1
        sound = (
            terms.dtype == np.uint64
            and terms.ndim == 1
            and bool((terms[1:] > terms[:-1]).all())
            and len(self.classes) > 1
            and set(self.classes) <= set(range(len(NAMES)))
            and list(self.classes) == sorted(set(self.classes))
            and all(one.shape == (len(terms), outputs) for one in self.members)
            and blend.weights.shape in ((len(self.members),), (len(self.members) + 1,))
            and blend.shift.shape == (outputs,)
            and bool(np.isfinite(blend.weights).all() and np.isfinite(blend.shift).all())
        )
        if not sound:
            raise ModelError("the arrays of the model of sentiment do not fit together")


def _own(arrays: dict[str, np.ndarray], member: str) -> dict[str, np.ndarray]:
    start = f"{member}."
    return {name[len(start) :]: one for name, one in arrays.items() if name.startswith(start)}
