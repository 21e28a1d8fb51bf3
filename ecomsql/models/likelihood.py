"""The maximum of a likelihood with a handful of parameters, by Newton's method in Torch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
import torch
from numpy.typing import NDArray

from ecomsql.progress import checkpoint

Numbers = NDArray[np.float64]

BOX = 9.0
"""Logarithms of parameters are held within plus and minus this: data that say nothing about a
parameter would send it to zero or without bound."""
STEPS = 200
"""Newton steps at most; ten to thirty do."""
NEAR = 1e-10
"""Slope of the mean log-likelihood that counts as none."""
LEAST = 1e-12
"""Gain of the mean log-likelihood that a further step is not worth: the top is flat there."""
LONGEST = 1.5
"""How far a step may go, in logarithms."""
CHUNK = 200_000
"""Rows looked at at once, for memory."""
SAMPLE = 5_000
"""Rows, about, on which the starts are compared."""


def counted(**columns: Numbers) -> tuple[list[Numbers], Numbers]:
    """Return the distinct rows of some columns, sorted, and how often each comes.

    Examples
    --------
    >>> [frequency, age], counts = counted(
    ...     frequency=np.array([1.0, 0.0, 1.0]), age=np.array([9.0, 5.0, 9.0])
    ... )
    >>> frequency.tolist(), age.tolist(), counts.tolist()
    ([0.0, 1.0], [5.0, 9.0], [1.0, 2.0])
    """
    rows = pl.DataFrame(columns).group_by(list(columns)).len(name="_count").sort(list(columns))
    return [rows[name].to_numpy() for name in columns], rows["_count"].to_numpy().astype(np.float64)


@dataclass(frozen=True, eq=False)
class Part:
    """Terms of a log-likelihood that depend on the same columns.

    Terms that depend on few of the columns are a part of their own: they have fewer distinct rows.

    Attributes
    ----------
    terms : callable
        Of the logarithms of the parameters, float64 tensor of shape (n_parameters,), and of one
        tensor a column, shape (n_rows,); returns shape (n_rows,).
    columns : tuple of float64 arrays, shape (n_rows,)
        Distinct rows.
    counts : float64 array, shape (n_rows,)
        How often each row comes.
    """

    terms: Callable[..., torch.Tensor]
    columns: tuple[Numbers, ...]
    counts: Numbers

    @classmethod
    def of(cls, terms: Callable[..., torch.Tensor], *columns: Numbers) -> Part:
        """Return the part of the distinct rows of `columns`."""
        distinct, counts = counted(**{str(at): one for at, one in enumerate(columns)})
        return cls(terms, tuple(distinct), counts)

    def chunks(self) -> Iterator[tuple[tuple[torch.Tensor, ...], torch.Tensor]]:
        """Yield columns and counts of some rows at a time."""
        for start in range(0, len(self.counts), CHUNK):
            some = slice(start, start + CHUNK)
            yield (
                tuple(torch.tensor(one[some]) for one in self.columns),
                torch.tensor(self.counts[some]),
            )

    def sample(self) -> Part:
        """Return about `SAMPLE` rows, spread over all, that stand for the others."""
        every = -(-len(self.counts) // SAMPLE)
        counts = self.counts[::every]
        scale = self.counts.sum() / counts.sum()
        return Part(self.terms, tuple(one[::every] for one in self.columns), counts * scale)


def maximise(parts: Sequence[Part], starts: Sequence[Sequence[float]]) -> tuple[Numbers, float]:
    """Return the parameters where a likelihood is greatest, and the log-likelihood there.

    Newton's method on the logarithms of the parameters, with the absolute value of the curvature
    (Dauphin et al.: Identifying and attacking the saddle point problem, 2014) and steps halved
    until they help; derivatives by autograd. Which of several starts leads highest is found on
    some of the rows.

    Parameters
    ----------
    parts : sequence of Part
        What the log-likelihood is the sum of.
    starts : sequence
        Logarithms of parameters to start from.

    Returns
    -------
    parameters : float64 array, shape (n_parameters,)
        Logarithms.
    log_likelihood : float
        Sum over the rows, each as often as it comes.
    """
    some = [part.sample() for part in parts]
    tops = [_descended(some, torch.tensor(start, dtype=torch.float64)) for start in starts]
    best, value = min(tops, key=lambda top: top[1])
    if any(len(part.counts) > SAMPLE for part in parts):
        best, value = _descended(parts, best)
    return best.numpy(), -value * float(parts[0].counts.sum())


def _lost(parts: Sequence[Part], at: torch.Tensor) -> float:
    """Return the mean of minus the log-likelihood."""
    total = float(parts[0].counts.sum())
    with torch.no_grad():
        return -sum(
            float((part.terms(at, *columns) * counts).sum()) / total
            for part in parts
            for columns, counts in part.chunks()
        )


def _sloped(parts: Sequence[Part], at: torch.Tensor) -> tuple[float, torch.Tensor, torch.Tensor]:
    """Return what :func:`_lost` does, its slope and its curvature."""
    total = float(parts[0].counts.sum())
    value, slope = 0.0, torch.zeros_like(at)
    curve = torch.zeros(len(at), len(at), dtype=torch.float64)
    for part in parts:
        for columns, counts in part.chunks():
            here = at.detach().requires_grad_()
            loss = -(part.terms(here, *columns) * counts).sum() / total
            (first,) = torch.autograd.grad(loss, here, create_graph=True)
            value += float(loss.detach())
            slope += first.detach()
            rows = [torch.autograd.grad(one, here, retain_graph=True)[0] for one in first]
            curve += torch.stack(rows)
    return value, slope, curve


def _descended(parts: Sequence[Part], at: torch.Tensor) -> tuple[torch.Tensor, float]:
    """Return the lowest point downhill from `at`, and how low it is."""
    value = float("inf")
    for _ in range(STEPS):
        checkpoint()
        value, slope, curve = _sloped(parts, at)
        # What pushes out of the box does not count.
        held = ((at >= BOX) & (slope < 0)) | ((at <= -BOX) & (slope > 0))
        slope = torch.where(held, 0.0, slope)
        if float(slope.abs().max()) <= NEAR:
            break
        free = (~held).double()
        sizes, ways = torch.linalg.eigh(curve * torch.outer(free, free) + torch.diag(1.0 - free))
        step = -ways @ ((ways.T @ slope) / sizes.abs().clamp_min(1e-9))
        step = step * min(1.0, LONGEST / float(step.abs().max()))
        size = 1.0
        while size > 1e-8:
            tried = (at + size * step).clamp(-BOX, BOX)
            if (there := _lost(parts, tried)) < value:
                break
            size /= 2.0
        else:
            break
        gained, at, value = value - there, tried, there
        if gained <= LEAST:
            break
    return at, value
