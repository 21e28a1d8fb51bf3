"""The average event at each place of sequences: where an explanation starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray

from ecomsql.errors import ModelError
from ecomsql.features.event_log import KINDS
from ecomsql.features.event_sequences import BUCKETS, LENGTH, NUMBERS, EventSequences
from ecomsql.models.sequence_network import SequenceNetwork

SHAPES = {
    "kinds": (LENGTH, len(KINDS) + 2),
    "buckets": (LENGTH, BUCKETS),
    "numbers": (LENGTH, len(NUMBERS)),
    "lengths": (LENGTH,),
}
"""Of the arrays."""
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class AverageEvents:
    """What is known of a sequence when nothing but its number of events is.

    Attributes
    ----------
    kinds, buckets : float32 array, shape (64, kinds) and (64, 16)
        Share of the events at each place, the last place that of the last event, with each kind
        of event, and each step of popularity.
    numbers : float32 array, shape (64, 7)
        Their mean numbers.
    lengths : float32 array, shape (64,)
        Share of the sequences with 1, 2, ... events.
    """

    kinds: Floats
    buckets: Floats
    numbers: Floats
    lengths: Floats

    @classmethod
    def of(cls, sequences: EventSequences) -> Self:
        """Return the averages; a place that no sequence reaches is as all are together."""
        there = sequences.kinds > 0
        counts = there.sum(axis=0)
        kinds = _shares(sequences.kinds, there, SHAPES["kinds"][1])
        buckets = _shares(sequences.buckets, there, BUCKETS)
        numbers = (sequences.numbers * there[..., None]).sum(axis=0, dtype=np.float64)
        lengths = np.bincount(there.sum(axis=1).clip(1), minlength=LENGTH + 1)[1:] / len(there)
        return cls(
            _means(kinds, counts),
            _means(buckets, counts),
            _means(numbers, counts),
            lengths.astype(np.float32),
        )

    def inside(self, network: SequenceNetwork) -> torch.Tensor:
        """Return what the average events are inside a network, shape (64, units)."""
        kinds = torch.from_numpy(self.kinds) @ network.kind.weight
        buckets = torch.from_numpy(self.buckets) @ network.bucket.weight
        found: torch.Tensor = kinds + buckets + network.number(torch.from_numpy(self.numbers))
        return found

    def base(self, network: SequenceNetwork) -> float:
        """Return the mean log-odds when of each sequence only the number of events is known."""
        there = torch.ones(LENGTH, LENGTH, dtype=torch.bool).tril().flip(1)
        with torch.inference_mode():
            nothing = torch.zeros(LENGTH, LENGTH)
            told = network.read(self.inside(network).expand(LENGTH, -1, -1), there, nothing)
        return float(told.double().numpy() @ self.lengths.astype(np.float64))

    def state(self) -> dict[str, np.ndarray]:
        """Return the arrays from which :meth:`from_state` restores it."""
        return {name: getattr(self, name) for name in SHAPES}

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray]) -> Self:
        """Restore from :meth:`state`; raise KeyError or ModelError for what is not right."""
        found = {name: arrays[name] for name in SHAPES}
        for name, shape in SHAPES.items():
            sound = found[name].dtype == np.float32 and found[name].shape == shape
            if not sound or not np.isfinite(found[name]).all():
                raise ModelError("the average events of the model do not fit together")
        return cls(**found)


def _shares(codes: NDArray[np.int8], there: NDArray[np.bool_], size: int) -> NDArray[np.float64]:
    """Return how many events at each place have each code, shape (64, size)."""
    counts = [
        np.bincount(column[known], minlength=size)
        for column, known in zip(codes.T, there.T, strict=True)
    ]
    return np.stack(counts).astype(np.float64)


def _means(sums: NDArray[np.float64], counts: NDArray[np.int64]) -> Floats:
    overall = sums.sum(axis=0) / max(int(counts.sum()), 1)
    found = sums / np.maximum(counts, 1)[:, None]
    found[counts == 0] = overall
    return found.astype(np.float32)
