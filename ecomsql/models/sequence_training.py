"""Trains networks over sequences of events, and asks them."""

from __future__ import annotations

import copy

import numpy as np
import torch
from torch import nn

from ecomsql.features.event_sequences import EventSequences
from ecomsql.features.table import Matrix
from ecomsql.models.sequence_network import SequenceNetwork, SequenceSizes
from ecomsql.models.tabular_loss import loss
from ecomsql.models.target import Target
from ecomsql.progress import checkpoint, track

UNITS = 32
DROPOUT = 0.2
EPOCHS = 12
"""Passes at most, where held-out rows say when to stop."""
PATIENCE = 3
"""Passes without an improvement before training stops."""
UNWATCHED = 4
"""Passes where nothing says how many are best."""
STEPS = 32
"""Batches of a pass, about; of at least 64 rows and at most 1,024."""
SORTED = 16
"""Batches that are put in the order of length together, so that little is padding."""
RATE = 3e-3
SCORED = 256
"""Rows scored at once, those of about the same length."""


def new_network(method: str, units: int, *, seed: int) -> SequenceNetwork:
    """Return a network that knows nothing yet, the same for the same seed."""
    generator = torch.Generator().manual_seed(seed)
    return SequenceNetwork(SequenceSizes(method, units), dropout=DROPOUT, generator=generator)


def trained(
    method: str,
    sequences: EventSequences,
    target: Target,
    seed: int,
    *,
    watch: tuple[EventSequences, Target] | None = None,
    epochs: int = EPOCHS,
) -> tuple[SequenceNetwork, int]:
    """Return a trained network and the number of passes, the best one where rows are watched."""
    network = new_network(method, UNITS, seed=seed)
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=1e-2)
    tensors, wanted = _tensors(sequences), torch.from_numpy(target.values).float()
    lengths = (tensors[0] > 0).sum(dim=1).clamp(min=1)
    generator = torch.Generator().manual_seed(seed)
    best = (np.inf, copy.deepcopy(network.state_dict()), 1)
    for epoch in track(range(1, epochs + 1), method):
        network.train()
        for rows in _batches(lengths, generator):
            checkpoint()
            optimizer.zero_grad(set_to_none=True)
            told = network(*(one[rows, -int(lengths[rows].max()) :] for one in tensors))
            missed = nn.functional.binary_cross_entropy_with_logits(told, wanted[rows])
            torch.autograd.backward(missed)
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
        if watch is None:
            continue
        seen = loss(log_odds(network, watch[0]), watch[1])
        if seen < best[0]:
            best = (seen, copy.deepcopy(network.state_dict()), epoch)
        elif epoch - best[2] >= PATIENCE:
            break
    if watch is not None:
        network.load_state_dict(best[1])
        epochs = best[2]
    return network.eval(), epochs


def _batches(lengths: torch.Tensor, generator: torch.Generator) -> list[torch.Tensor]:
    """Return the rows of each batch, at random, those of about the same length together."""
    order = torch.randperm(len(lengths), generator=generator)
    size = min(max(len(lengths) // STEPS, 64), 1024)
    batches: list[torch.Tensor] = []
    for part in torch.split(order, SORTED * size):
        by_length = part[lengths[part].argsort(stable=True)]
        batches += torch.split(by_length, size)
    return [batches[at] for at in torch.randperm(len(batches), generator=generator)]


def log_odds(network: SequenceNetwork, sequences: EventSequences) -> Matrix:
    """Return what a network says before calibration, shape (n, 1)."""
    network.eval()
    found = np.zeros(len(sequences))
    lengths = (sequences.kinds > 0).sum(axis=1)
    order = np.argsort(lengths, kind="stable")
    with torch.inference_mode():
        for start in range(0, len(order), SCORED):
            rows = order[start : start + SCORED]
            longest = max(int(lengths[rows[-1]]), 1)
            inputs = (one[:, -longest:] for one in _tensors(sequences.take(rows)))
            found[rows] = network(*inputs).double().numpy()
    return found[:, None]


def _tensors(sequences: EventSequences) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    return (
        torch.from_numpy(sequences.kinds),
        torch.from_numpy(sequences.buckets),
        torch.from_numpy(sequences.numbers),
    )
