"""The BG/NBD model: how often customers come back, and whether they are gone."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import expit

from ecomsql import options as check
from ecomsql.errors import ModelError, OptionError
from ecomsql.models.beta_nodes import beta_nodes
from ecomsql.models.likelihood import Part, maximise

Numbers = NDArray[np.float64]

POINTS = 48
"""Points of the quadrature over the chance to leave."""
BLOCK = 50_000
"""Customers looked at at once, for memory."""
STARTS = ((0.0, 0.0, 0.0, 0.0), (-1.0, -1.0, -1.0, 1.0), (1.0, 1.0, -2.0, 2.0))


@dataclass(frozen=True, slots=True)
class BgNbd:
    """Beta-geometric / negative binomial model of repeat purchases.

    While active, a customer buys at random times at a rate; after each purchase she leaves for
    good with a chance. Rates differ between customers by a gamma distribution, chances by a beta
    distribution (Fader, Hardie, Lee: "Counting your customers" the easy way, 2005).

    Attributes
    ----------
    r, alpha : float
        Shape, and inverse scale in periods, of the rates. r is 0 where nobody ever came back.
    a, b : float
        Of the chances.
    log_likelihood : float
        Of what was learned from.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float

    @classmethod
    def fit(cls, frequency: Numbers, recency: Numbers, age: Numbers) -> Self:
        """Find the parameters of the greatest likelihood.

        Equal customers are counted, not repeated. Where nobody has come back, nothing is fitted,
        and nobody is expected to.

        Parameters
        ----------
        frequency : float64 array, shape (n_customers,)
            Repeat purchases.
        recency : float64 array, shape (n_customers,)
            Periods from the first purchase to the last; 0 without a repeat purchase.
        age : float64 array, shape (n_customers,)
            Periods from the first purchase to now.
        """
        repeats = float(frequency.sum())
        if repeats == 0:
            return cls(0.0, 1.0, 1.0, 1.0, 0.0)
        # In units of the mean age the starts suit any period.
        unit = float(age.mean())
        parts = (
            Part.of(_by_frequency, frequency),
            Part.of(_by_times, frequency, recency / unit, age / unit),
        )
        found, log_likelihood = maximise(parts, STARTS)
        r, alpha, a, b = np.exp(found).tolist()
        return cls(r, alpha * unit, a, b, log_likelihood - repeats * float(np.log(unit)))

    def p_alive(self, frequency: Numbers, recency: Numbers, age: Numbers) -> Numbers:
        """Return the probability that each customer is still active, shape (n_customers,).

        1 for those without a repeat purchase: in this model customers leave after one.
        """
        times = np.log((self.alpha + age) / (self.alpha + recency))
        odds = np.log(self.a) - np.log(self.b + np.maximum(frequency, 1.0) - 1.0)
        gone = expit(odds + (self.r + frequency) * times)
        return np.where(frequency > 0, 1.0 - gone, 1.0)

    def expected(
        self, periods: float | Numbers, frequency: Numbers, recency: Numbers, age: Numbers
    ) -> Numbers:
        """Return how many purchases to expect within the next `periods`, shape (n_customers,).

        The mean over the chance to leave, a beta distribution given that the customer is active, is
        taken by quadrature: equal to the paper's expression in Gauss's hypergeometric function,
        without its overflow for frequent customers and its gap at a = 1.

        Parameters
        ----------
        periods : float or float64 array, shape (n_customers,)
        """
        found = np.empty(len(frequency))
        shares = np.broadcast_to(periods, found.shape) / (self.alpha + age)
        seen, places = np.unique(frequency, return_inverse=True)
        # Many different frequencies make many quadratures, so these come in blocks too.
        order = np.argsort(places, kind="stable")
        for start in range(0, len(order), BLOCK):
            some = order[start : start + BLOCK]
            low, high = places[some[0]], places[some[-1]] + 1
            chances, weights = beta_nodes(self.a, self.b + seen[low:high], POINTS)
            at = places[some] - low
            power = (self.r + frequency[some])[:, None]
            back = -np.expm1(-power * np.log1p(chances[at] * shares[some][:, None]))
            found[some] = (weights[at] * back / chances[at]).sum(axis=1)
        return self.p_alive(frequency, recency, age) * found

    def state(self) -> dict[str, float]:
        """Return the parameters as JSON values."""
        return asdict(self)

    @classmethod
    def from_state(cls, values: Any) -> Self:
        """Restore from :meth:`state`; raise ModelError if the values cannot be right."""
        try:
            above = {
                name: check.number(name, values[name], low=1e-300) for name in ("alpha", "a", "b")
            }
            return cls(
                r=check.number("r", values["r"], low=0.0),
                log_likelihood=check.number("log_likelihood", values["log_likelihood"], low=-1e300),
                **above,
            )
        except (KeyError, TypeError, OptionError) as error:
            raise ModelError(f"the stored BG/NBD model does not fit together: {error}") from error


# The log-likelihood of a customer, as in the authors' note on its computation, is the sum of these.


def _by_frequency(logs: torch.Tensor, frequency: torch.Tensor) -> torch.Tensor:
    r, alpha, a, b = logs.exp().unbind()
    rate = torch.lgamma(r + frequency) - torch.lgamma(r) + r * alpha.log()
    chance = torch.lgamma(a + b) + torch.lgamma(b + frequency)
    found: torch.Tensor = rate + chance - torch.lgamma(b) - torch.lgamma(a + b + frequency)
    return found


def _by_times(
    logs: torch.Tensor, frequency: torch.Tensor, recency: torch.Tensor, age: torch.Tensor
) -> torch.Tensor:
    r, alpha, a, b = logs.exp().unbind()
    active = -(r + frequency) * torch.log(alpha + age)
    gone = a.log() - torch.log(b + frequency.clamp_min(1.0) - 1.0)
    gone = gone - (r + frequency) * torch.log(alpha + recency)
    return torch.where(frequency > 0, torch.logaddexp(active, gone), active)
