"""Gamma-Gamma: published and simulated parameters, and formulas computed another way."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import gamma

from ecomsql.errors import ModelError
from ecomsql.models.gamma_gamma import GammaGamma

GIVEN = GammaGamma(p=6.25, q=3.74, v=15.44, log_likelihood=0.0)


def simulated(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return how many purchases customers make, and the mean of what they spend."""
    random = np.random.default_rng(seed)
    count = random.integers(1, 9, n).astype(np.float64)
    scale = 1 / random.gamma(GIVEN.q, 1 / GIVEN.v, n)
    return count, random.gamma(GIVEN.p * count, scale) / count


def density(model: GammaGamma, count: float, mean: float) -> float:
    """Return the density of a mean, integrated over the customers' scales."""

    def at(rate: float) -> float:
        spend = gamma.pdf(mean, model.p * count, scale=1 / (rate * count))
        return spend * gamma.pdf(rate, model.q, scale=1 / model.v)

    return quad(at, 0, np.inf, epsabs=0, epsrel=1e-10)[0]


def test_finds_the_parameters_of_simulated_customers():
    found = GammaGamma.fit(*simulated(50_000, seed=4))
    assert [found.p, found.q, found.v] == pytest.approx([6.25, 3.74, 15.44], rel=0.05)


def test_the_likelihood_is_the_density_integrated():
    count, mean = simulated(40, seed=8)
    found = GammaGamma.fit(count, mean)
    told = sum(np.log(density(found, *pair)) for pair in zip(count, mean, strict=True))
    assert found.log_likelihood == pytest.approx(told, rel=1e-6)


def test_expected_spend_is_the_mean_of_what_may_be():
    def mean_scale(count: float, mean: float) -> float:
        after = gamma(GIVEN.q + GIVEN.p * count, scale=1 / (GIVEN.v + count * mean))
        return quad(lambda rate: GIVEN.p / rate * after.pdf(rate), 0, np.inf)[0]

    for count, mean in ((0.0, 0.0), (1.0, 5.0), (12.0, 80.0)):
        got = GIVEN.expected(np.array([count]), np.array([mean]))[0]
        assert got == pytest.approx(mean_scale(count, mean), rel=1e-6)


def test_many_purchases_outweigh_the_others():
    few, many = GIVEN.expected(np.array([1.0, 1000.0]), np.full(2, 100.0))
    assert few < many < 100


def test_money_that_refunds_ate_up_is_none():
    below, none = GIVEN.expected(np.full(2, 3.0), np.array([-50.0, 0.0]))
    assert below == none > 0


def test_the_currency_does_not_matter():
    count, mean = simulated(400, seed=9)
    pounds, pence = GammaGamma.fit(count, mean), GammaGamma.fit(count, 100 * mean)
    assert pence.expected(count, 100 * mean) == pytest.approx(100 * pounds.expected(count, mean))


def test_what_says_nothing_is_left_out():
    count, mean = simulated(200, seed=2)
    wider = GammaGamma.fit(np.append(count, [0, 3, 3]), np.append(mean, [0, 0, -4]))
    assert wider == GammaGamma.fit(count, mean)


@pytest.mark.parametrize("mean", [[], [7.0, 7.0], [0.0, -1.0]])
def test_too_little_to_learn_from(mean):
    with pytest.raises(ValueError, match="two different means"):
        GammaGamma.fit(np.ones(len(mean)), np.array(mean))


def test_constant_spend():
    flat = GammaGamma.constant(12.5)
    assert flat.expected(np.array([0.0, 4.0]), np.array([0.0, 99.0])).tolist() == [12.5, 12.5]
    assert GammaGamma.from_state(flat.state()) == flat


def test_two_means_are_enough_to_stay_finite():
    model = GammaGamma.fit(np.array([1.0, 1.0]), np.array([10.0, 30.0]))
    found = model.expected(np.array([0.0, 1.0]), np.array([0.0, 30.0]))
    assert np.isfinite(found).all()


def test_is_restored_from_its_state():
    assert GammaGamma.from_state(GIVEN.state()) == GIVEN
    for bad in ({}, {**GIVEN.state(), "q": 1}, {**GIVEN.state(), "p": None}, [1]):
        with pytest.raises(ModelError, match="spend"):
            GammaGamma.from_state(bad)
