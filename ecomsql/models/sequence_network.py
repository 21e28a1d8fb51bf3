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
            if one.dim() > 1 and name != "place":
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
        asked = numbers[..., ASKED] * there
        inside = self.kind(kinds.long()) + self.bucket(buckets.long()) + self.number(numbers)
        inside = self._dropped(inside) * there[..., None]
        told = self.gru(inside)[0] if self.sizes.shape == "gru" else self._attended(inside, there)
        count = there.sum(dim=1, keepdim=True).log1p() / 2
        means = [_mean(told, there.float()), _mean(told, asked)]
        joined = torch.cat([told[:, -1], *means, count], dim=1)
        found: torch.Tensor = self.out(self._dropped(joined))
        return found[:, 0]

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


def _mean(told: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Return the mean over the steps, shape (n, units); 0 where none counts."""
    share = weights / weights.sum(dim=1, keepdim=True).clamp(min=1.0)
    return (told * share[..., None]).sum(dim=1)
