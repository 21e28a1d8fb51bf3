"""The dense network."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
import torch
from torch import nn

from ecomsql import options as check
from ecomsql.errors import ModelError
from ecomsql.features.table import Matrix, Table
from ecomsql.models.dense_inputs import DenseInputs
from ecomsql.models.dense_network import DenseNetwork, Sizes
from ecomsql.models.integrated_gradients import integrated_gradients
from ecomsql.models.predictor import Predictor
from ecomsql.models.target import Target
from ecomsql.progress import checkpoint

EPOCHS = 60
"""Passes at most, where held-out rows say when to stop."""
PATIENCE = 8
"""Passes without an improvement before training stops."""
UNWATCHED = 15
"""Passes where nothing says how many are best."""
STEPS = 20_000
"""Batches at most, however many rows there are."""
BATCH = 4096
"""Rows scored at once."""


class Model(Predictor):
    """A network of dense layers over standardised numbers and embedded categories.

    Layers of ReLU with dropout (Srivastava et al., 2014), trained by AdamW (Loshchilov and Hutter,
    2019) with weight decay; the weights that are kept are an average over the last steps (Polyak
    and Juditsky, 1992). Embeddings as in Guo and Berkhahn: Entity embeddings of categorical
    variables, 2016.
    """

    method = "mlp"
    choices: ClassVar[Mapping[str, tuple[float, ...]]] = {
        "layers": (1, 2, 3),
        "units": (32, 64, 128, 256),
        "dropout": (0.1, 0.2, 0.3, 0.5),
        "learning_rate": (1e-3, 2e-3, 4e-3),
        "weight_decay": (1e-3, 1e-2, 1e-1),
    }
    trials = 0.25

    def __init__(
        self, inputs: DenseInputs, network: DenseNetwork, scale: Matrix, effort: float
    ) -> None:
        self.inputs = inputs
        self.network = network.eval()
        self.scale = scale
        self.effort = effort

    @classmethod
    def fit(
        cls,
        table: Table,
        target: Target,
        *,
        seed: int,
        watch: tuple[Table, Target] | None = None,
        effort: float | None = None,
        layers: int = 2,
        units: int = 64,
        dropout: float = 0.3,
        learning_rate: float = 2e-3,
        weight_decay: float = 1e-2,
        batch: int = 256,
        members: int = 4,
    ) -> Self:
        """Train the network.

        Parameters
        ----------
        layers, units : int
            How many layers, and how wide they are.
        dropout : float in [0, 0.95]
            Share of a layer that is left out at random in training.
        learning_rate, weight_decay : float
            Of AdamW.
        batch : int
            Rows a step.
        members : int
            Networks that are trained side by side; the answer is their mean.
        """
        width = check.whole("units", units, at_least=1)
        depth = check.whole("layers", layers, at_least=1)
        drop = check.number("dropout", dropout, low=0, high=0.95)
        rows = check.whole("batch", batch, at_least=2)
        inputs = DenseInputs.fit(table)
        # Numbers are learned in units of their spread.
        numbers = target.classes == 0
        spread = float(target.values.std()) if numbers else 1.0
        middle = float(target.values.mean()) if numbers else 0.0
        scale = np.array([middle, spread])
        sizes = Sizes(
            dense=len(inputs.owners),
            codes=tuple(inputs.sizes[at] + 1 for at in inputs.categories),
            units=width,
            layers=depth,
            outputs=target.outputs,
            members=check.whole("members", members, at_least=1),
        )
        generator = torch.Generator().manual_seed(seed)
        network = DenseNetwork(sizes, dropout=drop, generator=generator)
        model = cls(inputs, network, scale, 0.0)
        optimizer = torch.optim.AdamW(
            network.parameters(),
            lr=check.number("learning_rate", learning_rate, low=1e-7, high=1.0),
            weight_decay=check.number("weight_decay", weight_decay, low=0),
        )
        model._train(table, target, optimizer, generator, rows, watch, effort)
        return model

    def raw(self, table: Table) -> Matrix:
        """Return the network's outputs."""
        found = []
        with torch.inference_mode():
            for start in range(0, max(len(table), 1), BATCH):
                part = table.take(slice(start, start + BATCH))
                found.append(self.network(*self._tensors(part)).double().numpy())
        outputs: Matrix = np.concatenate(found) * self.scale[1] + self.scale[0]
        return outputs

    def contributions(self, table: Table) -> Matrix:
        """Return integrated gradients from the average input to each row's."""
        found = np.zeros((len(table), self.network.sizes.outputs, len(table.sizes) + 1))
        dense_owners, code_owners = self.inputs.owners, self.inputs.categories
        for start in range(0, len(table), BATCH):
            part = table.take(slice(start, start + BATCH))
            dense, codes, base = integrated_gradients(self.network, *self._tensors(part))
            to = slice(start, start + len(part))
            for place, owner in enumerate(dense_owners):
                found[to, :, owner] += dense[:, :, place]
            for place, owner in enumerate(code_owners):
                found[to, :, owner] += codes[:, :, place]
            found[to, :, -1] = base
        found *= self.scale[1]
        found[:, :, -1] += self.scale[0]
        return found

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the weights, and how columns become inputs."""
        own = {f"net.{name}": value.numpy() for name, value in self.network.state_dict().items()}
        wanted = ("units", "layers", "outputs", "members")
        sizes = {name: getattr(self.network.sizes, name) for name in wanted}
        values = {"effort": self.effort, **sizes}
        return own | self.inputs.state() | {"scale": self.scale}, values

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray], values: dict[str, Any]) -> Self:
        """Restore from :meth:`state`."""
        inputs = DenseInputs.from_state(arrays)
        try:
            sizes = Sizes(
                dense=len(inputs.owners),
                codes=tuple(inputs.sizes[at] + 1 for at in inputs.categories),
                units=int(values["units"]),
                layers=int(values["layers"]),
                outputs=int(values["outputs"]),
                members=int(values["members"]),
            )
            scale, effort = arrays["scale"], float(values["effort"])
            own = {
                name.removeprefix("net."): torch.from_numpy(np.array(array))
                for name, array in arrays.items()
                if name.startswith("net.")
            }
            # Sizes that the arrays do not have are not built.
            stored = sum(array.numel() for array in own.values())
            if sizes.units * sizes.layers * sizes.members > stored:
                raise ModelError("the weights of the network do not fit its size")
            network = DenseNetwork(sizes, dropout=0.0, generator=torch.Generator().manual_seed(0))
            network.load_state_dict(own)
        except (KeyError, TypeError, ValueError, RuntimeError) as error:
            raise ModelError(f"the mlp model does not fit together: {error}") from error
        return cls(inputs, network, scale, effort)

    def _tensors(self, table: Table) -> tuple[torch.Tensor, torch.Tensor]:
        dense = torch.from_numpy(self.inputs.dense(table).astype(np.float32))
        return dense, torch.from_numpy(self.inputs.codes(table))

    def _train(
        self,
        table: Table,
        target: Target,
        optimizer: torch.optim.Optimizer,
        generator: torch.Generator,
        batch: int,
        watch: tuple[Table, Target] | None,
        effort: float | None,
    ) -> None:
        dense, codes = self._tensors(table)
        wanted = torch.from_numpy((target.values - self.scale[0]) / (self.scale[1] or 1.0))
        wanted = wanted.long() if target.classes else wanted.float()
        batch = max(batch, -(-len(table) * EPOCHS // STEPS))
        epochs = EPOCHS if watch else max(round(effort or UNWATCHED), 1)
        average = copy.deepcopy(self.network)
        best = (np.inf, copy.deepcopy(average.state_dict()), 1)
        # The average spans about the last pass.
        keep = 1.0 - 1.0 / max(len(table) / batch, 2.0)
        for epoch in range(1, epochs + 1):
            self.network.train()
            order = torch.randperm(len(dense), generator=generator)
            for part in torch.split(order, batch):
                checkpoint()
                optimizer.zero_grad(set_to_none=True)
                told = self.network.by_member(self.network.joined(dense[part], codes[part]))
                missed = _missed(told.flatten(0, 1), wanted[part].repeat(len(told)))
                torch.autograd.backward(missed)
                optimizer.step()
                _follow(average, self.network, keep)
            if watch is None:
                continue
            seen = _watched(average, *watch, self)
            if seen < best[0]:
                best = (seen, copy.deepcopy(average.state_dict()), epoch)
            elif epoch - best[2] >= PATIENCE:
                break
        self.effort = float(best[2] if watch else epochs)
        self.network.load_state_dict(best[1] if watch else average.state_dict())
        self.network.eval()


def _missed(outputs: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    if wanted.dtype == torch.float32:
        return nn.functional.mse_loss(outputs[:, 0], wanted)
    if outputs.shape[1] == 1:
        return nn.functional.binary_cross_entropy_with_logits(outputs[:, 0], wanted.float())
    return nn.functional.cross_entropy(outputs, wanted)


def _watched(network: DenseNetwork, table: Table, target: Target, model: Model) -> float:
    from ecomsql.models.tabular_loss import loss

    return loss(Model(model.inputs, network, model.scale, 0.0).raw(table), target)


def _follow(average: DenseNetwork, network: DenseNetwork, keep: float) -> None:
    with torch.no_grad():
        for mean, now in zip(average.parameters(), network.parameters(), strict=True):
            mean.lerp_(now, 1.0 - keep)
