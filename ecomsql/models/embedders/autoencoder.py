"""An autoencoder of TF-IDF: a narrow layer from which the terms of a text can be told again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from torch import nn

from ecomsql.errors import ModelError
from ecomsql.models.embedder import Embedder, Vectors
from ecomsql.models.embedders import tfidf_svd
from ecomsql.models.workers import workers
from ecomsql.progress import checkpoint, track

TOLD = 4_000
"""Terms that have to be told again: those in most texts."""
STEPS = 300
"""Of the training, with a batch each."""
BATCH = 256
RATE = 5e-4
"""Size of the first step; the last is next to none."""
NOISE = 0.2
"""Share of the inputs that is left out at random in training."""


class Model(Embedder):
    """A denoising autoencoder: Vincent et al., "Stacked denoising autoencoders", 2010.

    What goes in are the leading directions of TF-IDF, as tfidf_svd finds them, twice as many as
    come out; a hidden layer beside a linear shortcut makes the vector, from which the TF-IDF of the
    4,000 most frequent terms is told again, with the angle to the true one as the loss.
    """

    method = "autoencoder"

    def __init__(self, start: tfidf_svd.Model, network: _Network) -> None:
        self.start = start
        self.network = network
        self.dims = int(network.shortcut.out_features)

    @classmethod
    def fit(cls, texts: Sequence[str], *, dims: int, seed: int) -> Self:
        """Decompose the TF-IDF of texts, then train."""
        start = tfidf_svd.Model.fit(texts, dims=2 * dims, seed=seed)
        draw = torch.Generator().manual_seed(seed)
        network = _Network(2 * dims, dims, draw)
        inputs = torch.from_numpy(start.embed(texts))
        wanted = _wanted(start, texts)
        found: list[_Network] = []

        def work(one: _Network) -> None:
            _train(one, inputs, wanted, draw)
            found.append(one)

        # Two cores would spend their time waiting for each other, with matrices this small.
        with workers() as run:
            run(work, [network])
        return cls(start, found[0])

    @torch.no_grad()
    def raw(self, texts: Sequence[str]) -> Vectors:
        """Return the narrow layer; of zeros where there is nothing to read."""
        inputs = self.start.embed(texts)
        there = inputs.any(axis=1, keepdims=True)
        found = np.zeros((len(texts), self.dims), dtype=np.float32)
        for row, one in enumerate(inputs):
            # One by one, so that a vector does not depend on the texts beside it.
            found[row] = self.network.encoded(torch.from_numpy(one)[None]).numpy()[0]
        found *= there
        return found

    def familiarity(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return what the decomposition knows of each text."""
        return self.start.familiarity(texts)

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes."""
        own: int = sum(one.nbytes for one in self.network.state_dict().values())
        return self.start.nbytes + own

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the weights of both parts."""
        arrays, values = self.start.state()
        named = self.network.state_dict().items()
        return arrays | {f"network.{name}": one.numpy() for name, one in named}, values

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray], values: dict[str, Any]) -> Self:
        """Restore from :meth:`state`."""
        start = tfidf_svd.Model.from_state(arrays, values)
        own = {
            name.removeprefix("network."): torch.from_numpy(one)
            for name, one in arrays.items()
            if name.startswith("network.")
        }
        try:
            network = _Network(start.dims, len(own["shortcut.bias"]), torch.Generator())
            network.load_state_dict(own)
        except (KeyError, RuntimeError) as error:
            raise ModelError(f"the arrays of the network do not fit together: {error}") from error
        if not all(bool(torch.isfinite(one).all()) for one in own.values()):
            raise ModelError("the arrays of the network are damaged")
        return cls(start, network)


class _Network(nn.Module):
    """A linear shortcut, a hidden layer beside it that starts out silent."""

    def __init__(self, inputs: int, outputs: int, draw: torch.Generator) -> None:
        super().__init__()
        self.shortcut = nn.Linear(inputs, outputs)
        self.hidden = nn.Linear(inputs, outputs)
        self.last = nn.Linear(outputs, outputs)
        nn.init.eye_(self.shortcut.weight)
        nn.init.zeros_(self.shortcut.bias)
        nn.init.xavier_uniform_(self.hidden.weight, generator=draw)
        for one in (self.hidden.bias, self.last.weight, self.last.bias):
            nn.init.zeros_(one)

    def encoded(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the narrow layer, shape (rows, outputs)."""
        # Inputs have the length 1: without the factor, tanh would be a straight line.
        found: torch.Tensor = self.shortcut(inputs) + self.last(torch.tanh(4 * self.hidden(inputs)))
        return found


def _train(
    network: _Network, inputs: torch.Tensor, wanted: csr_matrix, draw: torch.Generator
) -> None:
    """Train encoder and decoder; the decoder is not kept."""
    if not wanted.shape[1]:
        return
    decoder = nn.Linear(network.shortcut.out_features, wanted.shape[1])
    nn.init.xavier_uniform_(decoder.weight, generator=draw)
    nn.init.zeros_(decoder.bias)
    weights = [*network.parameters(), *decoder.parameters()]
    optimizer = torch.optim.Adam(weights, lr=RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    for _ in track(range(STEPS), "autoencoder"):
        checkpoint()
        rows = torch.randint(len(inputs), (BATCH,), generator=draw)
        kept = torch.rand((BATCH, inputs.shape[1]), generator=draw) >= NOISE
        told = decoder(nn.functional.normalize(network.encoded(inputs[rows] * kept)))
        truth = torch.from_numpy(wanted[rows.numpy()].toarray())
        missed = (1 - nn.functional.cosine_similarity(told, truth)).mean()
        optimizer.zero_grad()
        missed.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()


def _wanted(start: tfidf_svd.Model, texts: Sequence[str]) -> csr_matrix:
    """Return the TF-IDF of the most frequent terms, shape (texts, terms)."""
    known, _ = start.weights.of(texts)
    within = known.getnnz(axis=0)
    often = np.sort(np.argsort(-within, kind="stable")[:TOLD])
    return known[:, often]
