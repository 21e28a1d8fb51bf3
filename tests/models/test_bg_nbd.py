"""BG/NBD: published and simulated parameters, and formulas computed another way."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import numpy as np
import pytest
from mpmath import hyp2f1, mp
from scipy.special import betaln, gammaln

from ecomsql.errors import ModelError
from ecomsql.models.beta_nodes import beta_nodes
from ecomsql.models.bg_nbd import BgNbd

DATA = Path(os.environ.get("ECOMSQL_DATA", Path(__file__).parents[2] / "../shared/data"))
CDNOW = DATA / "cdnow_sample.parquet"
GIVEN = BgNbd(r=0.24, alpha=4.4, a=0.8, b=2.4, log_likelihood=0.0)
PEOPLE = np.array(
    [[0, 0, 0], [0, 0, 30.5], [1, 8, 30], [7, 30, 38.9], [29, 38, 38.5], [900, 300, 301]]
)
CORNERS = [
    GIVEN,
    BgNbd(0.2, 5.0, 1.0 + 1e-9, 3.0, 0.0),
    BgNbd(0.2, 5.0, 1e-4, 3000.0, 0.0),
    BgNbd(3.0, 50.0, 3.0, 0.01, 0.0),
    BgNbd(2.0, 5.0, 900.0, 2000.0, 0.0),
    BgNbd(8000.0, 9000.0, 1e-4, 1e-4, 0.0),
]


def simulated(model: BgNbd, n: int, seed: int) -> tuple[np.ndarray, ...]:
    """Return frequency, recency and age of customers who live as the model says."""
    random = np.random.default_rng(seed)
    rate = random.gamma(model.r, 1 / model.alpha, n)
    chance = random.beta(model.a, model.b, n)
    age = random.uniform(20, 80, n)
    frequency, recency, now = np.zeros(n), np.zeros(n), np.zeros(n)
    active = np.ones(n, dtype=bool)
    while active.any():
        now = now + random.exponential(1 / np.maximum(rate, 1e-12))
        active &= now <= age
        frequency[active] += 1
        recency[active] = now[active]
        active &= random.random(n) >= chance
    return frequency, recency, age


def by_the_paper(model: BgNbd, t: float, x: float, t_x: float, age: float) -> float:
    """Return equation 10 of the paper, with 60 digits."""
    mp.dps = 60
    r, alpha, a, b = (mp.mpf(one) for one in (model.r, model.alpha, model.a, model.b))
    x, t_x, age = mp.mpf(x), mp.mpf(t_x), mp.mpf(age)
    gauss = hyp2f1(r + x, b + x, a + b + x - 1, t / (alpha + age + t))
    fade = 1 - ((alpha + age) / (alpha + age + t)) ** (r + x) * gauss
    top = (a + b + x - 1) / (a - 1) * fade
    gone = 0 if x == 0 else a / (b + x - 1) * ((alpha + age) / (alpha + t_x)) ** (r + x)
    return float(top / (1 + gone))


def test_finds_the_parameters_of_simulated_customers():
    found = BgNbd.fit(*simulated(BgNbd(0.8, 6.0, 0.7, 2.5, 0.0), 60_000, seed=3))
    got = [found.r, found.alpha, found.a, found.b]
    assert got == pytest.approx([0.8, 6.0, 0.7, 2.5], rel=0.08)


def test_the_likelihood_is_that_of_the_paper():
    x, t_x, age = PEOPLE[1:5].T
    found = BgNbd.fit(x, t_x, age)
    r, alpha, a, b = found.r, found.alpha, found.a, found.b
    rate = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    active = np.exp(betaln(a, b + x) - betaln(a, b)) * (alpha + age) ** -(r + x)
    left = np.exp(betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b)) * (alpha + t_x) ** -(
        r + x
    )
    expected = (rate + np.log(active + (x > 0) * left)).sum()
    assert found.log_likelihood == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("model", CORNERS)
def test_expected_purchases_are_those_of_the_paper(model):
    for person in PEOPLE:
        got = model.expected(39.0, *person[:, None])[0]
        assert got == pytest.approx(by_the_paper(model, 39.0, *person), rel=1e-5), person


def test_expected_purchases_come_true_in_a_simulation():
    frequency, _, age = simulated(GIVEN, 200_000, seed=5)
    told = GIVEN.expected(age, *np.zeros((3, len(age))))
    assert told.mean() == pytest.approx(frequency.mean(), rel=0.02)
    assert GIVEN.expected(0.0, *np.zeros((3, 1)))[0] == 0


def test_p_alive():
    alive = GIVEN.p_alive(*PEOPLE.T)
    assert alive[0] == alive[1] == 1
    x, t_x, age = PEOPLE[2]
    fade = ((GIVEN.alpha + age) / (GIVEN.alpha + t_x)) ** (GIVEN.r + x)
    assert alive[2] == pytest.approx(1 / (1 + GIVEN.a / (GIVEN.b + x - 1) * fade))
    assert (alive >= 0).all()
    assert (alive <= 1).all()
    # A silence says more of those who used to come often.
    often, seldom = GIVEN.p_alive(np.array([20.0, 2.0]), np.full(2, 20.0), np.full(2, 60.0))
    assert often < seldom


def test_more_time_brings_more_purchases():
    found = [GIVEN.expected(t, *PEOPLE.T) for t in (1, 10, 100, 1e6)]
    assert (np.diff(found, axis=0) > 0).all()
    assert np.isfinite(found).all()


def test_counting_equal_customers_changes_nothing():
    people = simulated(GIVEN, 500, seed=1)
    once = BgNbd.fit(*people)
    thrice = BgNbd.fit(*(np.tile(one, 3)[::-1] for one in people))
    assert thrice.log_likelihood == pytest.approx(3 * once.log_likelihood, rel=1e-9)
    assert [thrice.r, thrice.alpha, thrice.a, thrice.b] == pytest.approx(
        [once.r, once.alpha, once.a, once.b], rel=1e-5
    )


def test_the_period_does_not_matter():
    weeks = simulated(GIVEN, 2000, seed=2)
    days = (weeks[0], 7 * weeks[1], 7 * weeks[2])
    by_weeks, by_days = BgNbd.fit(*weeks), BgNbd.fit(*days)
    assert by_days.alpha == pytest.approx(7 * by_weeks.alpha, rel=1e-5)
    assert by_days.expected(70.0, *days) == pytest.approx(by_weeks.expected(10.0, *weeks), rel=1e-5)


def test_nobody_came_back():
    model = BgNbd.fit(np.zeros(3), np.zeros(3), np.array([0.0, 1.0, 9.0]))
    assert model.expected(365.0, *PEOPLE[:2].T).tolist() == [0, 0]
    assert model.p_alive(*PEOPLE[:2].T).tolist() == [1, 1]


@pytest.mark.parametrize("people", [[[5, 20, 21]], [[1, 1, 1]], [[3, 9, 9], [0, 0, 0]]])
def test_few_customers_give_finite_answers(people):
    columns = np.array(people, dtype=np.float64).T
    model = BgNbd.fit(*columns)
    found = model.expected(30.0, *columns)
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    assert (found <= 60).all()


def test_is_restored_from_its_state():
    assert BgNbd.from_state(GIVEN.state()) == GIVEN
    for bad in ({}, {**GIVEN.state(), "alpha": -1}, {**GIVEN.state(), "a": "x"}, None):
        with pytest.raises(ModelError, match="BG/NBD"):
            BgNbd.from_state(bad)


def test_quadrature_is_exact_for_polynomials():
    for a, b in ((0.3, 2.0), (1.0, 1.0), (1e-3, 900.0), (40.0, 0.5)):
        points, weights = beta_nodes(a, np.array([b, b + 1]), 12)
        assert weights.sum(axis=1) == pytest.approx(1)
        for power in (1, 2, 5):
            exact = np.exp(betaln(a + power, b) - betaln(a, b))
            assert (weights[0] * points[0] ** power).sum() == pytest.approx(exact, rel=1e-8)


@pytest.mark.skipif(not CDNOW.exists(), reason=f"no file {CDNOW}; set ECOMSQL_DATA")
def test_the_published_parameters_of_cdnow():
    rows = duckdb.sql(
        f"""
        WITH days AS (
            SELECT DISTINCT customer_id, date FROM '{CDNOW}' WHERE date <= DATE '1997-09-30'
        )
        SELECT count(*) - 1, (max(date) - min(date)) / 7, (DATE '1997-09-30' - min(date)) / 7
        FROM days GROUP BY customer_id
        """
    ).fetchall()
    found = BgNbd.fit(*np.array(rows, dtype=np.float64).T)
    assert round(found.r, 3) == 0.243
    assert round(found.alpha, 3) == 4.414
    assert round(found.a, 3) == 0.793
    assert round(found.b, 3) == 2.426
    assert round(found.log_likelihood, 2) == -9582.43
