"""What each thing that a network is told of a sequence of events adds to its answer."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from ecomsql.features.event_sequences import ASKED, LENGTH, EventSequences
from ecomsql.features.sequence_inputs import INPUTS
from ecomsql.models.integrated_gradients import completed
from ecomsql.models.sequence_average import AverageEvents
from ecomsql.models.sequence_network import SequenceNetwork, share_of
from ecomsql.progress import checkpoint

STEPS = {"gru": 8, "attention": 24}
"""Points on the way from average events to a row's: a network with kinks takes more."""
ROWS = 256
"""Sequences looked at at once, those of about the same length."""
Numbers = NDArray[np.float64]


def sequence_contributions(
    network: SequenceNetwork, average: AverageEvents, sequences: EventSequences
) -> Numbers:
    """Return the contribution of each of :data:`INPUTS`, and the base.

    The way from nothing to a sequence has two parts. First its number of events becomes known,
    each the average one at its place: what that adds to the base is the contribution of
    ``events``. Then all events become what they are, straight, and the gradient along that way
    says what each input adds, summed over places: integrated gradients (Sundararajan, Taly, Yan:
    Axiomatic attribution for deep networks, 2017). What the sum over the points misses
    is shared out in proportion.

    Returns
    -------
    float64 array, shape (n, 11)
        In log-odds; the last column is the same for all: :meth:`AverageEvents.base`. A row adds up
        to the network's answer.
    """
    found = np.empty((len(sequences), len(INPUTS) + 1))
    found[:, -1] = average.base(network)
    counts = (sequences.kinds > 0).sum(axis=1)
    order = np.argsort(counts, kind="stable")
    for start in range(0, len(order), ROWS):
        checkpoint()
        rows = order[start : start + ROWS]
        longest = max(int(counts[rows[-1]]), 1)
        found[rows, :-1] = _parts(network, average, sequences.take(rows), longest)
    found[:, 0] -= found[:, -1]
    return found


def _parts(
    network: SequenceNetwork, average: AverageEvents, sequences: EventSequences, longest: int
) -> Numbers:
    """Return the answer when the number of events is known, then what each input adds to it."""
    last = slice(LENGTH - longest, LENGTH)
    kinds, buckets, numbers = (
        torch.from_numpy(one[:, last])
        for one in (
            sequences.kinds.astype(np.int64),
            sequences.buckets.astype(np.int64),
            sequences.numbers,
        )
    )
    with torch.no_grad():
        there = kinds > 0
        start = average.inside(network)[last].expand(len(kinds), -1, -1)
        shares = [torch.from_numpy(one[last]) for one in (average.kinds, average.buckets)]
        ways = [
            network.kind(kinds) - shares[0] @ network.kind.weight,
            network.bucket(buckets) - shares[1] @ network.bucket.weight,
        ]
        apart = (numbers - torch.from_numpy(average.numbers[last])) * there[..., None]
        way = (ways[0] + ways[1] + apart @ network.number.weight.T) * there[..., None]
        asked = share_of(numbers[..., ASKED] * there)
        known = network.read(start, there, torch.zeros_like(asked)).double().numpy()
        answer = network(kinds, buckets, numbers).double().numpy()
        slope, by_asked = _slopes(network, start, way, there, asked)
        by_code = [(slope * one * there[..., None]).sum(dim=(1, 2))[:, None] for one in ways]
        by_number = ((slope @ network.number.weight) * apart).sum(dim=1)
        by_number[:, ASKED] += (by_asked * asked).sum(dim=1)
    parts = torch.cat([*by_code, by_number], dim=1).double().numpy()
    return np.column_stack([known, completed(parts, answer - known)])


def _slopes(
    network: SequenceNetwork,
    start: torch.Tensor,
    way: torch.Tensor,
    there: torch.Tensor,
    asked: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the mean gradients on the way: by what steps are inside, and by `asked`."""
    found, by_asked = torch.zeros_like(way), torch.zeros_like(asked)
    points, shares = np.polynomial.legendre.leggauss(STEPS[network.sizes.shape])
    for point, share in zip((points + 1.0) / 2.0, shares / 2.0, strict=True):
        with torch.enable_grad():
            at = (start + float(point) * way).requires_grad_()
            part = (float(point) * asked).requires_grad_()
            told = network.read(at, there, part).sum()
            slope, slope_asked = torch.autograd.grad(told, [at, part])
        found += float(share) * slope
        by_asked += float(share) * slope_asked
    return found, by_asked
