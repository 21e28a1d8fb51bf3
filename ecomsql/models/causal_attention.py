"""Layers of attention, each place of which sees those before it."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

HEADS = 4


class CausalAttention(nn.Module):
    """A transformer's blocks with learned places (Vaswani et al.: Attention is all you need, 2017).

    Normed before attention and before the wide layer (Xiong et al.: On layer normalization in the
    transformer architecture, 2020).
    """

    def __init__(self, units: int, layers: int, places: int) -> None:
        super().__init__()
        self.place = nn.Parameter(torch.zeros(places, units))
        self.blocks = nn.ModuleList(_Block(units) for _ in range(layers))
        self.norm = nn.LayerNorm(units)

    def forward(self, inside: torch.Tensor) -> torch.Tensor:
        """Return states of the shape (n, places, units) of `inside`."""
        told = inside + self.place
        for block in self.blocks:
            told = block(told)
        found: torch.Tensor = self.norm(told)
        return found


class _Block(nn.Module):
    def __init__(self, units: int) -> None:
        super().__init__()
        self.before = nn.LayerNorm(units)
        self.asked = nn.Linear(units, 3 * units)
        self.seen = nn.Linear(units, units)
        self.middle = nn.LayerNorm(units)
        self.wide = nn.Linear(units, 2 * units)
        self.narrow = nn.Linear(2 * units, units)

    def forward(self, told: torch.Tensor) -> torch.Tensor:
        n, places, units = told.shape
        parts = self.asked(self.before(told)).view(n, places, 3, HEADS, units // HEADS)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        told = told + self.seen(seen.transpose(1, 2).reshape(n, places, units))
        inner = functional.gelu(self.wide(self.middle(told)))
        found: torch.Tensor = told + self.narrow(inner)
        return found
