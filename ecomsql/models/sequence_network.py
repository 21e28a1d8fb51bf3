"""Networks over sequences of steps: a recurrent one, and one of attention."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn

from ecomsql.features.event_log import KINDS
from ecomsql.features.event_sequences import ASKED, BUCKETS, LENGTH, NUMBERS

HEADS = 4


@dataclass(frozen=True, slots=True)
class SequenceSizes:
    """What a network is built from: its shape, gru or attention, and its width."""

    shape: str
    units: int


class SequenceNetwork(nn.Module):
    """Log-odds from the last steps of a user.

    'gru': gated recurrent units (Cho et al., 2014). 'attention': one layer of a transformer's
    encoder with learned places (Vaswani et al., 2017). Either is read at the last step, beside
    the mean over all, their number, and the mean over those about the item that is asked about.
    """

    def __init__(self, sizes: SequenceSizes, *, dropout: float, generator: torch.Generator) -> None:
        super().__init__()
        self.sizes = sizes
        self.dropout = dropout
        self.generator = generator
        units = sizes.units
        # The parts draw from Torch's own generator, which is not ours to move.
        with torch.random.fork_rng(devices=[]):
            self.kind = nn.Embedding(len(KINDS) + 2, units)
            self.bucket = nn.Embedding(BUCKETS, units)
            self.number = nn.Linear(len(NUMBERS), units)
            if sizes.shape == "gru":
                self.gru = nn.GRU(units, units, batch_first=True)
            else:
                self.place = nn.Parameter(torch.zeros(LENGTH, units))
                self.before = nn.LayerNorm(units)
                self.attention = nn.MultiheadAttention(units, HEADS, batch_first=True)
                self.wide = nn.Sequential(
                    nn.LayerNorm(units),
                    nn.Linear(units, 2 * units),
                    nn.ReLU(),
                    nn.Linear(2 * units, units),
                )
            self.out = nn.Linear(3 * units + 1, 1)
        for name, one in self.named_parameters():
            if "bias" in name:
                nn.init.zeros_(one)
            elif one.dim() > 1 and name != "place":
                spread = 0.1 if name in ("kind.weight", "bucket.weight") else one.shape[1] ** -0.5
                nn.init.normal_(one, std=spread, generator=generator)
        nn.init.normal_(self.out.weight, std=0.01, generator=generator)

    def forward(
        self, kinds: torch.Tensor, buckets: torch.Tensor, numbers: torch.Tensor
    ) -> torch.Tensor:
        """Return log-odds, shape (n,).

        Parameters
        ----------
        kinds, buckets : integer tensor, shape (n, length)
        numbers : float32 tensor, shape (n, length, 7)
        """
        there = kinds > 0
        inside = self.kind(kinds.long()) + self.bucket(buckets.long()) + self.number(numbers)
        return self.read(inside, there, share_of(numbers[..., ASKED] * there))

    def read(self, inside: torch.Tensor, there: torch.Tensor, asked: torch.Tensor) -> torch.Tensor:
        """Return log-odds, shape (n,), of steps as they are inside the network.

        Parameters
        ----------
        inside : float32 tensor, shape (n, length, units)
            The sum of what a step's kind, items and numbers are inside.
        there : bool tensor, shape (n, length)
            Where a step is: at the end of each row.
        asked : float32 tensor, shape (n, length)
            Share of each step in those about the item that is asked about.
        """
        inside = self._dropped(inside) * there[..., None]
        told = (
            self._recalled(inside, there)
            if self.sizes.shape == "gru"
            else self._attended(inside, there)
        )
        count = there.sum(dim=1, keepdim=True).log1p() / 2
        means = [(told * share[..., None]).sum(dim=1) for share in (share_of(there.float()), asked)]
        joined = torch.cat([told[:, -1], *means, count], dim=1)
        found: torch.Tensor = self.out(self._dropped(joined))
        return found[:, 0]

    def _recalled(self, inside: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        """Start at the first event: what is before it, and how much, must not be remembered."""
        empty = inside.shape[1] - there.sum(dim=1)
        told: torch.Tensor = self.gru(_rolled(inside, empty))[0]
        return _rolled(told, -empty)

    def _attended(self, inside: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        placed = inside + self.place[-inside.shape[1] :]
        normed = self.before(placed)
        seen = self.attention(normed, normed, normed, key_padding_mask=~there, need_weights=False)[
            0
        ]
        told: torch.Tensor = placed + self._dropped(seen)
        answer: torch.Tensor = told + self._dropped(self.wide(told))
        return answer

    def _dropped(self, values: torch.Tensor) -> torch.Tensor:
        """Leave out units at random, from the network's own generator."""
        if not self.training or self.dropout == 0.0:
            return values
        kept = torch.rand(values.shape, generator=self.generator) >= self.dropout
        return values * kept / (1.0 - self.dropout)


def share_of(weights: torch.Tensor) -> torch.Tensor:
    """Return each step's share of the weights, shape (n, length); 0 where none counts."""
    return weights / weights.sum(dim=1, keepdim=True).clamp(min=1.0)


def _rolled(values: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """Move each row of (n, length, units) its own number of places to the left, round the end."""
    length = values.shape[1]
    sources = (torch.arange(length) + places[:, None]) % length
    return values.gather(1, sources[..., None].expand_as(values))
