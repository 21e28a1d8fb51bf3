"""Dense layers over numbers and embedded codes."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large a network is.

    Attributes
    ----------
    dense : int
        Inputs that are numbers.
    codes : tuple of int
        For each input that is a code, how many codes there are.
    units, layers, outputs : int
        Width and number of the hidden layers, and outputs.
    members : int
        Networks side by side that only share the embeddings; the answer is their mean.
    """

    dense: int
    codes: tuple[int, ...]
    units: int
    layers: int
    outputs: int
    members: int = 1

    @property
    def widths(self) -> tuple[int, ...]:
        """Length of the embedding of each code: the root of their number, 2 to 16."""
        return tuple(min(max(round(count**0.5), 2), 16) for count in self.codes)


class DenseNetwork(nn.Module):
    """Embeds codes, joins them to the numbers, and goes through layers of ReLU and dropout.

    Several members, each started from other weights, make an ensemble (Lakshminarayanan, Pritzel
    and Blundell: Simple and scalable predictive uncertainty estimation using deep ensembles,
    2017), trained and scored as one batch of matrix products.
    """

    def __init__(self, sizes: Sizes, *, dropout: float, generator: torch.Generator) -> None:
        super().__init__()
        self.sizes = sizes
        self.dropout = dropout
        self.generator = generator
        self.embeddings = nn.ParameterList(
            nn.Parameter(0.1 * torch.randn(count, width, generator=generator))
            for count, width in zip(sizes.codes, sizes.widths, strict=True)
        )
        widths = [sizes.dense + sum(sizes.widths), *[sizes.units] * sizes.layers, sizes.outputs]
        self.weights = nn.ParameterList()
        self.biases = nn.ParameterList()
        for at in range(len(widths) - 1):
            # He's start for ReLU; small at the end, so that it starts from the same for all rows.
            spread = (2.0 / max(widths[at], 1)) ** 0.5 if at < sizes.layers else 0.01
            shape = (sizes.members, widths[at], widths[at + 1])
            self.weights.append(nn.Parameter(spread * torch.randn(*shape, generator=generator)))
            self.biases.append(nn.Parameter(torch.zeros(sizes.members, 1, widths[at + 1])))

    def forward(self, dense: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
        """Return the outputs, shape (n_rows, outputs).

        Parameters
        ----------
        dense : float32 tensor, shape (n_rows, sizes.dense)
        codes : int64 tensor, shape (n_rows, len(sizes.codes))
        """
        return self.layers(self.joined(dense, codes))

    def joined(self, dense: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
        """Return the numbers and the embeddings of the codes side by side."""
        return torch.cat([dense, self.embedded(codes)], dim=1)

    def embedded(self, codes: torch.Tensor) -> torch.Tensor:
        """Return the embeddings of the codes, one beside the other."""
        found = [table[codes[:, at]] for at, table in enumerate(self.embeddings)]
        return torch.cat(found, dim=1) if found else codes.new_zeros(len(codes), 0).float()

    def layers(self, joined: torch.Tensor) -> torch.Tensor:
        """Return the outputs for numbers and embeddings side by side: the mean of the members."""
        return self.by_member(joined).mean(dim=0)

    def by_member(self, joined: torch.Tensor) -> torch.Tensor:
        """Return the outputs of each member, shape (members, n_rows, outputs)."""
        last = len(self.weights) - 1
        found = joined.expand(self.sizes.members, *joined.shape)
        for at, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            found = torch.baddbmm(bias, found, weight)
            if at < last:
                found = self._dropped(torch.relu(found))
        return found

    def _dropped(self, values: torch.Tensor) -> torch.Tensor:
        """Leave out units at random, from the network's own generator."""
        if not self.training or self.dropout == 0.0:
            return values
        kept = torch.rand(values.shape, generator=self.generator) >= self.dropout
        return values * kept / (1.0 - self.dropout)
