"""Networks that read a window of a series and say what comes after."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import nn

from ecomsql.models.causal_attention import CausalAttention

EXTRAS = 3
"""Numbers beside a window: how long the series is known, how large it is, how lively."""
EVEN = 8.0
"""What values are divided by for the linear map, so that a step of training changes little."""


@dataclass(frozen=True, slots=True)
class SeriesSizes:
    """What a network is built from.

    Attributes
    ----------
    shape : {'lstm', 'gru', 'attention'}
    patch, patches : int
        Values that are read as one, and how often.
    horizon : int
        Steps that it looks ahead.
    units, layers : int
    """

    shape: str
    patch: int
    patches: int
    horizon: int
    units: int
    layers: int

    @property
    def width(self) -> int:
        """Return the values of a window."""
        return self.patch * self.patches

    def json(self) -> dict[str, Any]:
        """Return the sizes as JSON values."""
        return asdict(self)


class SeriesNetwork(nn.Module):
    """What comes after a window: a line through its values, and what an encoder adds.

    The window is read patch by patch (Nie, Nguyen, Sinthong, Kalagnanam: A time series is worth 64
    words, 2023) by long short-term memory (Hochreiter and Schmidhuber, 1997), gated recurrent units
    (Cho et al., 2014) or causal attention (Vaswani et al., 2017); its last state says all steps
    ahead at once. Beside it a linear map of the values themselves (Zeng, Chen, Zhang, Xu: Are
    transformers effective for time series forecasting?, 2023). An untrained network says 0: the
    last value.
    """

    def __init__(self, sizes: SeriesSizes, *, dropout: float, generator: torch.Generator) -> None:
        super().__init__()
        self.sizes = sizes
        self.dropout = dropout
        self.generator = generator
        units = sizes.units
        # The parts draw from Torch's own generator, which is not ours to move.
        with torch.random.fork_rng(devices=[]):
            self.patch = nn.Linear(2 * sizes.patch, units)
            self.encoder: nn.Module
            if sizes.shape == "attention":
                self.encoder = CausalAttention(units, sizes.layers, sizes.patches)
            else:
                kind = nn.GRU if sizes.shape == "gru" else nn.LSTM
                self.encoder = kind(units, units, sizes.layers, batch_first=True)
            self.inner = nn.Linear(units + EXTRAS, units)
            self.out = nn.Linear(units, sizes.horizon)
            self.line = nn.Linear(sizes.width, sizes.horizon, bias=False)
        for name, one in self.named_parameters():
            if "bias" in name:
                nn.init.zeros_(one)
            elif one.dim() > 1 and "place" not in name:
                nn.init.normal_(one, std=one.shape[1] ** -0.5, generator=generator)
            if sizes.shape == "lstm" and "bias_ih" in name:
                # Remember at first (Jozefowicz et al., 2015).
                with torch.no_grad():
                    one[units : 2 * units] = 1.0
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.line.weight)

    def forward(self, past: torch.Tensor, extras: torch.Tensor) -> torch.Tensor:
        """Return what comes after, in units of the series from its last value, (n, horizon).

        Parameters
        ----------
        past : float32 tensor, shape (n, width)
            Values from the last one, in units of the series; NaN in front of it.
        extras : float32 tensor, shape (n, 3)
        """
        there = torch.isfinite(past)
        values = torch.where(there, past, 0.0)
        shape = (len(past), self.sizes.patches, self.sizes.patch)
        read = torch.cat([torch.asinh(values).view(shape), there.float().view(shape)], dim=2)
        told = self.encoder(self.patch(read))
        state = told[:, -1] if isinstance(told, torch.Tensor) else told[0][:, -1]
        inside = torch.nn.functional.gelu(self.inner(torch.cat([state, extras], dim=1)))
        found: torch.Tensor = self.out(self._dropped(inside)) + self.line(values / EVEN)
        return found

    def _dropped(self, values: torch.Tensor) -> torch.Tensor:
        """Leave out units at random, from the network's own generator."""
        if not self.training or self.dropout == 0.0:
            return values
        kept = torch.rand(values.shape, generator=self.generator) >= self.dropout
        return values * kept / (1.0 - self.dropout)
