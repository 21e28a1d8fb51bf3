"""The Gamma-Gamma model: how much customers spend at a purchase."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray

from ecomsql import options as check
from ecomsql.errors import ModelError, OptionError
from ecomsql.models.likelihood import Part, maximise

Numbers = NDArray[np.float64]

STARTS = ((0.0, 0.0, 0.0), (2.0, 1.0, 1.0), (1.0, 2.0, -1.0))


@dataclass(frozen=True, slots=True)
class GammaGamma:
    """Spend at a purchase, given the mean of the purchases so far.

    Amounts of a customer follow a gamma distribution whose scale differs between customers by
    another one; they have nothing to do with how often she buys (Fader, Hardie: The Gamma-Gamma
    model of monetary value, 2013).

    Attributes
    ----------
    p, q, v : float
        Shape of a customer's amounts; shape and scale (in money) of the differences. q is above
        1, so that there is a mean. p is 0 where there was nothing to learn from: then everyone
        is expected to spend v.
    log_likelihood : float
        Of what was learned from.
    """

    p: float
    q: float
    v: float
    log_likelihood: float

    @classmethod
    def fit(cls, count: Numbers, mean: Numbers) -> Self:
        """Find the parameters of the greatest likelihood.

        Customers without a purchase, or whose mean is not above 0, say nothing here and are left
        out; at least two different means must be left.

        Parameters
        ----------
        count : float64 array, shape (n_customers,)
            Purchases that `mean` is of.
        mean : float64 array, shape (n_customers,)
            Money.

        Raises
        ------
        ValueError
            If fewer than two different means are left.
        """
        used = (count > 0) & (mean > 0)
        if len(np.unique(mean[used])) < 2:
            raise ValueError("at least two different means are needed")
        unit = float(mean[used].mean())
        parts = (
            Part.of(_by_count, count[used]),
            Part.of(_by_mean, count[used], mean[used] / unit),
        )
        found, log_likelihood = maximise(parts, STARTS)
        p, above, v = np.exp(found).tolist()
        customers = float(used.sum())
        return cls(p, 1.0 + above, v * unit, log_likelihood - customers * float(np.log(unit)))

    @classmethod
    def constant(cls, amount: float) -> Self:
        """Return the model in which everyone spends `amount`."""
        return cls(0.0, 2.0, amount, 0.0)

    def expected(self, count: Numbers, mean: Numbers) -> Numbers:
        """Return the mean spend at a purchase to expect, shape (n_customers,).

        Between the customer's own mean and that of all, which it is without a purchase; a mean
        below 0, which refunds can make, counts as 0.
        """
        if self.p == 0:
            return np.full(len(count), self.v)
        spent = count * np.maximum(mean, 0.0)
        found: Numbers = self.p * (self.v + spent) / (self.p * count + self.q - 1.0)
        return found

    def state(self) -> dict[str, float]:
        """Return the parameters as JSON values."""
        return asdict(self)

    @classmethod
    def from_state(cls, values: Any) -> Self:
        """Restore from :meth:`state`; raise ModelError if the values cannot be right."""
        try:
            return cls(
                p=check.number("p", values["p"], low=0.0),
                q=check.number("q", values["q"], low=1.0 + 1e-12),
                v=check.number("v", values["v"], low=0.0),
                log_likelihood=check.number("log_likelihood", values["log_likelihood"], low=-1e300),
            )
        except (KeyError, TypeError, OptionError) as error:
            raise ModelError(f"the stored spend model does not fit together: {error}") from error


# The log-likelihood of a customer is the sum of these; `logs` are of p, q - 1 and v.


def _by_count(logs: torch.Tensor, count: torch.Tensor) -> torch.Tensor:
    p, above, v = logs.exp().unbind()
    q, shape = above + 1.0, p * count
    found: torch.Tensor = torch.lgamma(shape + q) - torch.lgamma(shape) - torch.lgamma(q)
    return found + q * v.log() + shape * count.log()


def _by_mean(logs: torch.Tensor, count: torch.Tensor, mean: torch.Tensor) -> torch.Tensor:
    p, above, v = logs.exp().unbind()
    shape = p * count
    slope: torch.Tensor = shape - 1.0
    return slope * mean.log() - (slope + 2.0 + above) * torch.log(v + count * mean)
