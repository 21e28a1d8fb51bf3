"""A fitted network over sequences of events, with its calibration."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray

from ecomsql.errors import ModelError
from ecomsql.features.event_sequences import EventSequences
from ecomsql.features.sequence_inputs import INPUTS
from ecomsql.features.table import Matrix
from ecomsql.models.behaviour_model import BY_EVENTS
from ecomsql.models.blend import Blend
from ecomsql.models.sequence_average import AverageEvents
from ecomsql.models.sequence_contributions import sequence_contributions
from ecomsql.models.sequence_importance import sequence_importance
from ecomsql.models.sequence_network import SequenceNetwork
from ecomsql.models.sequence_training import UNWATCHED, log_odds, new_network, trained
from ecomsql.models.table_metrics import table_metrics
from ecomsql.models.target import Target, probabilities


@dataclass(frozen=True, eq=False)
class SequenceModel:
    """Says how probable something is after a sequence of events.

    Attributes
    ----------
    network : SequenceNetwork
    blend : Blend
        Of one: Platt's scaling.
    metrics : dict
        Figures of training and validation, JSON values.
    average : AverageEvents or None
        Where explanations start from; None: an earlier version made the model.
    importance : dict
        Kind ('permutation') to a float64 array, one for each of INPUTS; empty where no rows were
        held out.
    """

    network: SequenceNetwork
    blend: Blend
    metrics: dict[str, Any]
    average: AverageEvents | None = None
    importance: dict[str, Matrix] = field(default_factory=dict)

    @classmethod
    def fit(
        cls,
        method: str,
        sequences: EventSequences,
        target: Target,
        *,
        seed: int,
        held_out: NDArray[np.bool_],
    ) -> Self:
        """Train the network, first without the rows held out, then on all.

        Parameters
        ----------
        method : {'gru', 'attention'}
        target : Target
            Two classes.
        held_out : bool array, shape (n,)
            Rows that say how many passes are best and how to calibrate; none: a fixed number.
        """
        if not held_out.any():
            network = trained(method, sequences, target, seed, epochs=UNWATCHED)[0]
            blend = Blend(np.ones(1), np.zeros(1))
            importance = {}
            metrics: dict[str, Any] = {"note": "too little history: none were held out"}
        else:
            learned = np.flatnonzero(~held_out)
            watch = (sequences.take(held_out), target.take(held_out))
            first, epochs = trained(
                method, sequences.take(learned), target.take(learned), seed, watch=watch
            )
            raw = log_odds(first, watch[0])
            blend = Blend.fit([raw], watch[1])
            metrics = {
                "validation": table_metrics(blend([raw]), watch[1]),
                "validated_rows": len(raw),
                "effort": {method: epochs},
            }
            importance = {
                "permutation": sequence_importance(
                    lambda some: blend([log_odds(first, some)]), *watch, seed=seed
                )
            }
            network = trained(method, sequences, target, seed, epochs=epochs)[0]
        average = AverageEvents.of(sequences)
        model = cls(network, blend, metrics, average, importance)
        metrics["base"] = float(blend([np.array([[average.base(network)]])])[0, 0])
        some = slice(0, 20_000)
        metrics["train"] = table_metrics(model.raw(sequences.take(some)), target.take(some))
        return model

    @property
    def method(self) -> str:
        """Return 'gru' or 'attention'."""
        return self.network.sizes.shape

    @property
    def importances(self) -> dict[str, dict[str, float]]:
        """Return for each kind of importance that of each of INPUTS."""
        return {
            kind: dict(zip(INPUTS, found.tolist(), strict=True))
            for kind, found in self.importance.items()
        }

    @property
    def nbytes(self) -> int:
        """Memory that it takes, in bytes, about."""
        return 4 * sum(one.numel() for one in self.network.parameters()) + 100_000

    def raw(self, sequences: EventSequences) -> Matrix:
        """Return calibrated log-odds, shape (n, 1)."""
        return self.blend([log_odds(self.network, sequences)])

    def probability(self, sequences: EventSequences) -> Matrix:
        """Return the probability of the second class, shape (n,)."""
        return probabilities(self.raw(sequences))[:, 1]

    def contributions(self, sequences: EventSequences) -> Matrix:
        """Return what each of INPUTS adds to the calibrated log-odds, and the base: (n, 8).

        Raises
        ------
        ModelError
            If an earlier version made the model.
        """
        if self.average is None:
            raise ModelError("an earlier version made the model; train it again to explain it")
        found = sequence_contributions(self.network, self.average, sequences)
        found *= self.blend.weights[0]
        found[:, -1] += self.blend.shift[0]
        return found

    def state(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the arrays and JSON values from which :meth:`from_state` restores the model."""
        own = {f"net.{name}": value.numpy() for name, value in self.network.state_dict().items()}
        own |= {"blend.weights": self.blend.weights, "blend.shift": self.blend.shift}
        own |= {f"importance.{kind}": found for kind, found in self.importance.items()}
        if self.average is not None:
            own |= {f"average.{name}": array for name, array in self.average.state().items()}
        return own, {"units": self.network.sizes.units}

    @classmethod
    def from_state(cls, method: str, arrays: dict[str, np.ndarray], values: Any) -> Self:
        """Restore from :meth:`state`; raise ModelError when the arrays do not fit together."""
        try:
            units = int(values["units"])
            blend = Blend(arrays["blend.weights"], arrays["blend.shift"])
            own = {n: torch.from_numpy(np.array(one)) for n, one in _part(arrays, "net.").items()}
            averages = _part(arrays, "average.")
            average = AverageEvents.from_state(averages) if averages else None
            importance = _part(arrays, "importance.")
            # Sizes that the arrays do not have are not built.
            if method not in BY_EVENTS or own["kind.weight"].shape[1] != units:
                raise ModelError("the weights of the network do not fit its size")
            network = new_network(method, units, seed=0)
            network.load_state_dict(own)
        except (KeyError, TypeError, ValueError, IndexError, RuntimeError) as error:
            raise ModelError(f"the {method} model does not fit together: {error}") from error
        sound = all(one.shape == (len(INPUTS),) for one in importance.values())
        if blend.weights.shape != (1,) or blend.shift.shape != (1,) or not sound:
            raise ModelError("the parts of the model do not fit together")
        return cls(network.eval(), blend, {}, average, importance)


def _part(arrays: dict[str, np.ndarray], prefix: str) -> dict[str, np.ndarray]:
    found = {name: array for name, array in arrays.items() if name.startswith(prefix)}
    return {name.removeprefix(prefix): array for name, array in found.items()}
