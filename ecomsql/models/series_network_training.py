"""Trains networks over windows of series, and asks them."""

from __future__ import annotations

import copy

import numpy as np
import torch
from torch import nn

from ecomsql.models.series_batch import Matrix
from ecomsql.models.series_network import SeriesNetwork
from ecomsql.models.series_watched import Watched
from ecomsql.models.series_windows import Cut, Windows
from ecomsql.models.window_draws import WindowDraws
from ecomsql.progress import track

BATCH = 256
"""Windows of a step at most; no more than there are."""
PASSES = 60
"""How often a window is seen, about, where there are few."""
FEWEST, MOST = 100, 1200
"""Steps at least and at most."""
LOOKS = 20
"""How often the network is tried on what is held back."""
RATE = 2e-3
DECAY = 1e-4
AVERAGE = 0.98
"""Share of the mean of the weights that stays at a step."""
SCORED = 4096
"""Windows that are asked about at once."""


def steps_for(windows: Windows) -> int:
    """Return how many steps of training there are at most; 0 with nothing to learn from."""
    total = WindowDraws(windows, 0).total
    return min(max(total * PASSES // BATCH, FEWEST), MOST) if total else 0


def trained(
    network: SeriesNetwork,
    windows: Windows,
    *,
    steps: int,
    stop: int,
    watch: Watched | None = None,
    seed: int,
) -> int:
    """Train a network for `stop` of `steps`; where something is held back, for the best number.

    Returns
    -------
    int
        The number of steps.
    """
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    rates = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda at: 0.5 * (1.0 + np.cos(np.pi * at / steps)) * min(1.0, (at + 1) / 20)
    )
    average = copy.deepcopy(network).eval()
    best = (np.inf, copy.deepcopy(average.state_dict()), 0)
    if watch is not None:
        best = (_missed(average, watch), best[1], 0)
    draw = WindowDraws(windows, seed)
    size = min(draw.total, BATCH)
    for step in track(range(1, stop + 1), network.sizes.shape):
        network.train()
        cut = windows.cut(*draw(size))
        came = torch.from_numpy(cut.ahead * np.where(cut.unit > 0, 1.0, np.nan)[:, None]).float()
        optimizer.zero_grad(set_to_none=True)
        missed = _loss(network(*inputs(cut)), came)
        torch.autograd.backward(missed)
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        rates.step()
        keep = min(AVERAGE, step / (step + 10.0))
        with torch.no_grad():
            for mean, now in zip(average.parameters(), network.parameters(), strict=True):
                mean.lerp_(now, 1.0 - keep)
        if watch is not None and (step % max(steps // LOOKS, 1) == 0 or step == stop):
            seen = _missed(average, watch)
            if seen < best[0]:
                best = (seen, copy.deepcopy(average.state_dict()), step)
    network.load_state_dict(average.state_dict() if watch is None else best[1])
    network.eval()
    return best[2] if watch is not None else stop


def inputs(cut: Cut) -> tuple[torch.Tensor, torch.Tensor]:
    """Return what a network reads of windows: their values, and :data:`EXTRAS` numbers."""
    with np.errstate(all="ignore"):
        size = np.where(cut.unit > 0, np.log1p(np.abs(cut.last) / cut.unit), 0.0)
    extras = np.stack([np.log1p(cut.known) / 4.0, size / 4.0, cut.ratio - 1.0], axis=1)
    return (torch.from_numpy(cut.past.astype(np.float32)), torch.from_numpy(extras).float())


def ahead(network: SeriesNetwork, cut: Cut) -> Matrix:
    """Return what a network says comes after windows, shape (n, horizon), in their units."""
    network.eval()
    found = np.zeros(cut.ahead.shape)
    past, extras = inputs(cut)
    with torch.inference_mode():
        for start in range(0, len(past), SCORED):
            some = slice(start, start + SCORED)
            found[some] = network(past[some], extras[some]).double().numpy()
    return found


def _loss(told: torch.Tensor, came: torch.Tensor) -> torch.Tensor:
    there = torch.isfinite(came)
    missed = (told - torch.where(there, came, 0.0)).abs() * there
    return missed.sum() / there.sum().clamp(min=1)


def _missed(network: SeriesNetwork, watch: Watched) -> float:
    return float(np.nanmean(np.abs(ahead(network, watch.cut) - watch.ahead)))
