"""Elasticities: against closed forms, known truths, and statsmodels where it is installed."""

from __future__ import annotations

import numpy as np
import pytest
from price_data import sold

from ecomsql.features.price_rows import PriceRows
from ecomsql.models.elasticities import elasticities, quantile
from ecomsql.models.elasticity import slopes
from ecomsql.models.elasticity_shrinkage import pulled
from ecomsql.models.elimination import eliminate
from ecomsql.models.item_groups import ItemGroups
from ecomsql.models.noise_moderation import moderated
from ecomsql.models.poisson_elasticity import poisson_slopes

PLAIN = {"method": "loglog", "shrink": False, "robust": False, "level": 0.95}


def three_items(n: int = 400):
    """Return groups, logs and controls of three items; the last control follows from the first."""
    rng = np.random.default_rng(1)
    item = np.sort(rng.integers(0, 3, n))
    price = rng.normal(size=n)
    controls = np.stack([price / 2 + rng.normal(size=n), rng.integers(0, 2, n), np.zeros(n)])
    controls[2] = 1 - 2 * controls[0]
    quantity = 3 - 2 * price + controls[0] + rng.normal(size=n) * np.exp(price / 3)
    return ItemGroups(item, 3), price, quantity, controls


def by_hand(x: np.ndarray, y: np.ndarray, *, robust: bool):
    """Return coefficients, standard errors and r2 by the textbook."""
    inverse = np.linalg.inv(x.T @ x)
    beta = inverse @ x.T @ y
    missed = y - x @ beta
    n, k = x.shape
    meat = (x * missed[:, None]).T @ (x * missed[:, None])
    cover = (
        n / (n - k) * inverse @ meat @ inverse if robust else inverse * (missed @ missed) / (n - k)
    )
    return beta, np.sqrt(np.diag(cover)), 1 - missed @ missed / ((y - y.mean()) ** 2).sum()


@pytest.mark.parametrize("robust", [False, True])
def test_slopes_are_those_of_the_textbook(robust):
    groups, price, quantity, controls = three_items()
    found = slopes(groups, price, quantity, controls, robust=robust)
    for one in range(3):
        here = groups.item == one
        x = np.column_stack([np.ones(here.sum()), price[here], controls[:2, here].T])
        beta, error, r2 = by_hand(x, quantity[here], robust=robust)
        assert found.slope[one] == pytest.approx(beta[1], rel=1e-10)
        assert np.sqrt(found.variance[one]) == pytest.approx(error[1], rel=1e-10)
        assert found.r2[one] == pytest.approx(r2, rel=1e-10)
        assert found.effects[:, one] == pytest.approx([*beta[2:], 0.0], rel=1e-9)
        assert found.freedom[one] == here.sum() - 4


@pytest.mark.parametrize("robust", [False, True])
def test_slopes_are_those_of_statsmodels(robust):
    api = pytest.importorskip("statsmodels.api")
    groups, price, quantity, controls = three_items()
    found = slopes(groups, price, quantity, controls, robust=robust)
    counts = np.random.default_rng(2).poisson(np.exp(quantity / 3))
    poisson = poisson_slopes(groups, price, counts.astype(float), controls, robust=robust)
    for one in range(3):
        here = groups.item == one
        x = api.add_constant(np.column_stack([price[here], controls[:2, here].T]))
        kind = {"cov_type": "HC1" if robust else "nonrobust"}
        peer = api.OLS(quantity[here], x).fit(**kind)
        assert found.slope[one] == pytest.approx(peer.params[1], rel=1e-10)
        assert np.sqrt(found.variance[one]) == pytest.approx(peer.bse[1], rel=1e-10)
        assert found.r2[one] == pytest.approx(peer.rsquared, rel=1e-10)
        scaled = {} if robust else {"scale": "X2"}
        model = api.GLM(counts[here], x, family=api.families.Poisson())
        peer = model.fit(tol=1e-12, **kind, **scaled)
        # Its HC1 of such models lacks the factor n / (n - k).
        factor = np.sqrt(here.sum() / (here.sum() - 4)) if robust else 1.0
        assert poisson.slope[one] == pytest.approx(peer.params[1], rel=1e-6)
        assert np.sqrt(poisson.variance[one]) == pytest.approx(factor * peer.bse[1], rel=1e-5)


def test_elimination_leaves_out_what_says_nothing_new():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(50, 4))
    x[:, 2] = x[:, 0] - 3 * x[:, 1]
    found, rank = eliminate((x.T @ x)[None], 3)
    assert rank.tolist() == [2]
    beta, rest, *_ = np.linalg.lstsq(x[:, :2], x[:, 3])
    assert found[0, :2, 3] == pytest.approx(beta)
    assert found[0, 2, 3] == 0.0
    assert found[0, 3, 3] == pytest.approx(rest[0])


def test_what_cannot_be_told_is_said():
    item = np.array([0, 0, 0, 1, 1, 3, 3, 3, 4, 4, 4, 4])
    price = np.array([2.0, 2.0, 2.0, 1.0, 2.0, 1.0, 2.0, 3.0, 1.0, 2.0, 1.0, 2.0])
    quantity = np.array([5.0, 6.0, 7.0, 1.0, 2.0, 0.0, 0.0, 0.0, 8.0, 4.0, 9.0, 4.0])
    controls = np.array([[0.0] * 8 + [0.0, 1.0, 0.0, 1.0]])
    rows = PriceRows.of(item, price, quantity, category=np.full(5, -1), controls=controls)
    found = elasticities(rows, **PLAIN)
    assert found.status == [
        "no price variation",
        "too few rows",
        "no usable rows",
        "no usable rows",
        "no price variation beside the controls",
    ]
    assert np.isnan(found.elasticity).all()
    assert np.isnan(found.std_error).all()
    assert found.n.tolist() == [3, 2, 0, 0, 4]


def test_intervals_are_those_of_student():
    rows = sold([-2.0], rows=12, counts=False)
    found = elasticities(rows, **PLAIN)
    x = np.column_stack([np.ones(12), np.log(rows.price)])
    beta, error, _ = by_hand(x, np.log(rows.quantity), robust=False)
    # 2.228: Student's 97.5 % quantile of 10 degrees of freedom.
    assert found.upper[0] - found.lower[0] == pytest.approx(2 * 2.2281389 * error[1], rel=1e-6)
    assert found.elasticity[0] == pytest.approx(beta[1])
    assert quantile(0.975, np.array([np.inf, np.nan]))[0] == pytest.approx(1.9599640)


def test_intervals_hold_what_is_true():
    truth = np.random.default_rng(4).normal(-2.0, 0.5, 400)
    for method in ("loglog", "poisson"):
        for shrink in (False, True):
            rows = sold(truth, rows=60, level=60.0)
            found = elasticities(rows, **{**PLAIN, "method": method, "shrink": shrink})
            held = ((found.lower <= truth) & (truth <= found.upper)).mean()
            assert 0.9 < held < 0.99, (method, shrink)


def test_shrinking_comes_nearer_to_the_truth():
    rng = np.random.default_rng(5)
    category = np.arange(300) % 3
    truth = np.array([-3.0, -2.0, -1.0])[category] + rng.normal(0, 0.2, 300)
    rows = sold(truth, rows=40, spread=0.1, counts=False)
    in_categories = PriceRows.of(
        rows.item, rows.price, rows.quantity, category=category.astype(np.int64)
    )
    alone, together, apart = (
        np.sqrt(
            np.mean((elasticities(some, **{**PLAIN, "shrink": shrink}).elasticity - truth) ** 2)
        )
        for some, shrink in ((rows, False), (rows, True), (in_categories, True))
    )
    assert apart < 0.6 * together < 0.6 * alone


def test_an_item_of_one_price_gets_its_categorys_elasticity():
    rows = sold([-2.0] * 6 + [0.0], counts=False)
    price = np.where(rows.item == 6, 10.0, rows.price)
    category = np.array([0] * 6 + [0])
    some = PriceRows.of(rows.item, price, rows.quantity, category=category)
    found = elasticities(some, **{**PLAIN, "shrink": True})
    assert found.status[6] == "that of its category: no price variation"
    assert found.elasticity[6] == pytest.approx(-2.0, abs=0.2)
    assert np.isnan(found.r2[6])
    assert set(found.status[:6]) == {"ok"}


def test_four_items_are_too_few_to_shrink():
    rows = sold([-3.0, -2.0, -1.0, -0.5], rows=20)
    one, other = (elasticities(rows, **{**PLAIN, "shrink": shrink}) for shrink in (True, False))
    assert one.elasticity.tolist() == other.elasticity.tolist()
    assert one.std_error.tolist() == other.std_error.tolist()


def test_zeros_bias_logs_but_not_expected_quantities():
    truth = np.full(50, -2.0)
    rows = sold(truth, rows=400, level=1.0, spread=0.4)
    logs, expected = (
        elasticities(rows, **{**PLAIN, "method": method}).elasticity.mean()
        for method in ("loglog", "poisson")
    )
    assert expected == pytest.approx(-2.0, abs=0.1)
    assert logs > -1.3


def test_items_that_sell_at_some_prices_only_have_no_elasticity():
    price = np.tile([1.0, 2.0], 20)
    quantity = np.where(price == 1.0, 3.0, 0.0)
    item = np.repeat([0, 1], 20)
    rows = PriceRows.of(item, price, quantity, category=np.full(2, -1))
    found = elasticities(rows, **{**PLAIN, "method": "poisson"})
    assert found.status == ["sold at some prices only"] * 2
    assert np.isnan(found.elasticity).all()


@pytest.mark.parametrize("method", ["loglog", "poisson"])
def test_items_that_sell_one_piece_whenever_they_sell_say_little(method):
    truth = [-2.0] * 8
    rows = sold(truth, rows=100, level=50.0)
    one = rows.item < 2
    quantity = np.where(one, 1.0, rows.quantity)
    some = PriceRows.of(
        rows.item, 10 + (rows.price - 10) / 10, quantity, category=rows.category
    ).keep(~one | (np.arange(len(rows)) % 10 == 0))
    alone = elasticities(some, **{**PLAIN, "method": method})
    assert alone.std_error[:2].min() > 2.0
    assert alone.status[:2] == ["little price variation"] * 2
    shrunk = elasticities(some, **{**PLAIN, "method": method, "shrink": True})
    assert shrunk.status[:2] == ["shrunk to all items: little price variation"] * 2


def test_pulling_is_between_the_own_and_the_mean():
    rng = np.random.default_rng(6)
    variance = rng.uniform(0.01, 4, 50)
    slope = rng.normal(-2, 2, 50) + rng.normal(size=50) * np.sqrt(variance)
    slope[3], variance[3] = np.nan, np.nan
    found = pulled(slope, variance, np.full(50, -1))
    mean = found.slope[3]
    there = np.isfinite(slope)
    assert (np.sign(found.slope - mean) == np.sign(slope - mean))[there].all()
    assert (np.abs(found.slope - mean) <= np.abs(slope - mean) + 1e-12)[there].all()
    assert np.corrcoef(found.own[there], variance[there])[0, 1] < -0.8
    # The errors alone explain slopes that are nearly equal: nothing is between the items.
    same = pulled(np.array([1.0, 1.01, 0.99, 1.0, 1.0]), np.ones(5), np.full(5, -1))
    assert same.own.max() == 0.0
    assert same.slope == pytest.approx(np.ones(5))


def test_noise_is_moderated_by_how_it_varies():
    rng = np.random.default_rng(7)
    freedom = np.full(3000, 3.0)
    noise = rng.chisquare(3, 3000) / 3 * 2.0
    found, more = moderated(noise, freedom)
    assert found.std() < 0.2 * noise.std()
    assert found.mean() == pytest.approx(2.0, rel=0.1)
    assert more.min() > 30
    drawn = 10 / rng.chisquare(10, 3000)
    _, more = moderated(drawn * rng.chisquare(3, 3000) / 3, freedom)
    assert more[0] == pytest.approx(13, rel=0.3)
    assert moderated(noise[:2], freedom[:2])[0].tolist() == noise[:2].tolist()
