"""A network over embeddings of terms, which are learned further."""

from __future__ import annotations

from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from torch import nn

from ecomsql.errors import ModelError
from ecomsql.features.tf_idf import inverse_frequencies, weighted, with_unit_rows
from ecomsql.models.tabular_loss import loss
from ecomsql.models.target import Target
from ecomsql.models.text_classifier import Scores, TextClassifier
from ecomsql.models.truncated_svd import right_singular_vectors
from ecomsql.progress import checkpoint, track

WIDTH = 64
"""Numbers of a term's embedding, and units of the hidden layer."""
DROPOUT = 0.3
RATE = 3e-3
"""Step of the layers; embeddings, which start out well, take a third of it."""
BATCH = 128
EPOCHS = 8
"""At most, where held-out rows say when to stop; 3 where nothing does."""


class Model(TextClassifier):
    """A mean of embeddings and one hidden layer.

    As in Iyyer et al., "Deep unordered composition rivals syntactic methods for text
    classification", 2015, with a mean that TF-IDF weights, and embeddings that start as the
    singular vectors of the texts.
    """

    method = "network"

    def __init__(self, idf: NDArray[np.float32], network: _Network, effort: float) -> None:
        self.idf = idf
        self.network = network
        self.effort = effort

    @classmethod
    def fit(
        cls,
        counts: csr_matrix,
        target: Target,
        *,
        seed: int,
        watch: tuple[csr_matrix, Target] | None = None,
        effort: float | None = None,
    ) -> Self:
        """Learn for as many epochs as is best on the watched rows."""
        idf = inverse_frequencies(counts)
        inputs = _inputs(counts, idf)
        vectors, _ = right_singular_vectors(inputs, WIDTH, seed=seed, iterations=2)
        draw = torch.Generator().manual_seed(seed)
        network = _Network(_padded(vectors, len(idf)), target.outputs, draw)
        seen = None if watch is None else (_inputs(watch[0], idf), watch[1])
        epochs = EPOCHS if watch else int(effort or 3)
        best = _train(network, inputs, target, epochs, seen, draw)
        return cls(idf, network, float(best))

    def raw(self, counts: csr_matrix) -> Scores:
        """Return the outputs of the network."""
        return self.network.outputs(_inputs(counts, self.idf))

    @property
    def shape(self) -> tuple[int, int]:
        """How many terms it knows, and how many outputs it has."""
        return len(self.idf), self.network.last.out_features

    def state(self) -> dict[str, np.ndarray]:
        """Return the weights."""
        named = self.network.state_dict().items()
        return {"idf": self.idf, **{name: one.numpy() for name, one in named}}

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray]) -> Self:
        """Restore from :meth:`state`."""
        try:
            idf, outputs = arrays["idf"], len(arrays["last.weight"])
            start = np.zeros((len(idf), WIDTH), dtype=np.float32)
            network = _Network(start, outputs, torch.Generator())
            own = {name: torch.from_numpy(one) for name, one in arrays.items() if name != "idf"}
            network.load_state_dict(own)
        except (KeyError, TypeError, RuntimeError) as error:
            raise ModelError(f"the arrays of the network do not fit together: {error}") from error
        kept = [idf, *arrays.values()]
        if idf.ndim != 1 or not all(np.isfinite(one).all() for one in kept):
            raise ModelError("the arrays of the network are damaged")
        return cls(idf, network, 0.0)


class _Network(nn.Module):
    """Embeddings, a hidden layer, outputs."""

    def __init__(self, vectors: NDArray[np.float32], outputs: int, draw: torch.Generator) -> None:
        super().__init__()
        start = torch.from_numpy(vectors) * (WIDTH**0.5)
        self.terms = nn.EmbeddingBag.from_pretrained(start, freeze=False, mode="sum", sparse=True)
        self.hidden = nn.Linear(WIDTH, WIDTH)
        self.last = nn.Linear(WIDTH, outputs)
        for layer in (self.hidden, self.last):
            nn.init.xavier_uniform_(layer.weight, generator=draw)
            nn.init.zeros_(layer.bias)

    def forward(self, rows: csr_matrix, draw: torch.Generator | None = None) -> torch.Tensor:
        """Return log-odds; with a generator, some units are left out at random."""
        mean = self.terms(
            torch.from_numpy(rows.indices.astype(np.int64)),
            torch.from_numpy(rows.indptr[:-1].astype(np.int64)),
            per_sample_weights=torch.from_numpy(rows.data),
        )
        hidden = torch.relu(self.hidden(_thinned(mean, draw)))
        found: torch.Tensor = self.last(_thinned(hidden, draw))
        return found

    @torch.no_grad()
    def outputs(self, inputs: csr_matrix) -> Scores:
        """Return log-odds of all rows, as float64."""
        pieces = [
            self(inputs[start : start + 4096]).double().numpy()
            for start in range(0, inputs.shape[0], 4096)
        ]
        return np.concatenate([np.zeros((0, self.last.out_features)), *pieces])


def _train(
    network: _Network,
    inputs: csr_matrix,
    target: Target,
    epochs: int,
    watch: tuple[csr_matrix, Target] | None,
    draw: torch.Generator,
) -> int:
    """Train, and return after how many epochs the network was as it is now."""
    truth = torch.from_numpy(target.codes)
    layers = [*network.hidden.parameters(), *network.last.parameters()]
    steps = [
        torch.optim.SparseAdam(list(network.terms.parameters()), lr=RATE / 3),
        torch.optim.Adam(layers, lr=RATE),
    ]
    best, least, kept = 0, np.inf, None
    for epoch in track(range(1, epochs + 1), "network"):
        order = torch.randperm(len(target), generator=draw)
        for rows in torch.split(order, BATCH):
            checkpoint()
            missed = _loss(network(inputs[rows.numpy()], draw), truth[rows])
            for one in steps:
                one.zero_grad()
            missed.backward()  # type: ignore[no-untyped-call]
            for one in steps:
                one.step()
        if watch is None:
            best = epoch
            continue
        now = loss(network.outputs(watch[0]), watch[1])
        if now >= least:
            break
        best, least = epoch, now
        kept = {name: one.clone() for name, one in network.state_dict().items()}
    if kept is not None:
        network.load_state_dict(kept)
    return best


def _loss(outputs: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    if outputs.shape[1] == 1:
        return nn.functional.binary_cross_entropy_with_logits(outputs[:, 0], truth.float())
    return nn.functional.cross_entropy(outputs, truth)


def _thinned(values: torch.Tensor, draw: torch.Generator | None) -> torch.Tensor:
    if draw is None:
        return values
    kept = torch.rand(values.shape, generator=draw) >= DROPOUT
    return values * kept / (1 - DROPOUT)


def _inputs(counts: csr_matrix, idf: NDArray[np.float32]) -> csr_matrix:
    return with_unit_rows(weighted(counts, idf))


def _padded(vectors: NDArray[np.float32], terms: int) -> NDArray[np.float32]:
    full = np.zeros((terms, WIDTH), dtype=np.float32)
    full[:, : vectors.shape[1]] = vectors
    return full
