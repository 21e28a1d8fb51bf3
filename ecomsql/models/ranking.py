"""The best k of many scores."""

from __future__ import annotations

import math

import numpy as np
import torch

from ecomsql.features.interactions import Floats, Interactions, Ints


def top_k(scores: torch.Tensor, k: int, *, seen: Interactions | None = None) -> tuple[Ints, Floats]:
    """Return the k best items of each row, best first.

    Parameters
    ----------
    scores : float32 tensor, shape (n_users, n_items)
        Changed in place where `seen` is given. ``-inf`` marks an item that is not to be given.
    k : int
        How many; no more than ``n_items`` come back.
    seen : Interactions, optional
        Items to leave out, a row a user.

    Returns
    -------
    items : int32 array, shape (n_users, min(k, n_items))
        Codes; -1 where nothing is left. Equal scores come in the order of their codes.
    scores : float32 array, same shape
        0 where the item is -1.
    """
    if seen is not None:
        rows = torch.from_numpy(seen.users.astype(np.int64))
        scores[rows, torch.from_numpy(seen.items.astype(np.int64))] = -torch.inf
    width = min(k, scores.shape[1])
    # Looking at spans first pays only where most of them can be left aside.
    best = _best_of_spans if scores.shape[1] > 128 * width > 0 else _best
    items = best(scores, width)
    values = scores.gather(1, items)
    nothing = torch.isneginf(values)
    items[nothing] = -1
    values[nothing] = 0.0
    return items.numpy().astype(np.int32), values.numpy()


def _best_of_spans(scores: torch.Tensor, width: int) -> torch.Tensor:
    """Return the columns of the `width` greatest of each row, by way of the maxima of spans.

    They are in the `width` spans with the greatest maxima: each of these holds a value at least
    as great as any in the other spans, and of equal spans the first are taken.
    """
    n_rows, n_items = scores.shape
    # As many spans as items in the spans that are taken, about.
    span = 2 ** min(max(round(math.log2(n_items / width) / 2), 4), 7)
    full = n_items // span
    maxima = scores[:, : full * span].view(n_rows, full, span).amax(2)
    spans = _best(maxima, width).sort(1).values
    within = (spans.unsqueeze(2) * span + torch.arange(span)).flatten(1)
    rest = torch.arange(full * span, n_items).expand(n_rows, -1)
    columns = torch.cat([within, rest], dim=1)
    return columns.gather(1, _best(scores.gather(1, columns), width))


def _best(values: torch.Tensor, width: int) -> torch.Tensor:
    """Return the columns of the `width` greatest of each row, equal ones from left to right."""
    if width == values.shape[1]:
        return torch.argsort(values, dim=1, descending=True, stable=True)
    greatest, columns = torch.topk(values, width + 1, dim=1)
    edge = greatest[:, width - 1 :]
    # One more than asked for shows whether a tie was cut at the edge, by chance.
    tied = (edge[:, 0] == edge[:, 1]) & ~torch.isneginf(edge[:, 0])
    columns = columns[:, :width].sort(1).values
    order = torch.argsort(values.gather(1, columns), dim=1, descending=True, stable=True)
    columns = columns.gather(1, order)
    if tied.any():
        columns[tied] = _best_by_key(values[tied], width)
    return columns


def _best_by_key(values: torch.Tensor, width: int) -> torch.Tensor:
    """Do the same by unique integer keys: the value, then the column; slower than floats."""
    # Bits of floats, flipped below zero, are in the floats' order; adding 0 makes -0 into 0.
    bits = (values + 0.0).view(torch.int32)
    ordered = torch.where(bits < 0, bits ^ 0x7FFFFFFF, bits).to(torch.int64)
    keys = (ordered << 32) - torch.arange(values.shape[1])
    return torch.topk(keys, width, dim=1).indices
