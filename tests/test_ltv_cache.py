"""The same question about lifetime value trains once."""

from __future__ import annotations

import pytest

import ecomsql
from ecomsql.cache import CACHE
from ecomsql.models import lifetime_fitting


@pytest.fixture
def fits(monkeypatch):
    """A list that grows with every model that is fitted."""
    CACHE.clear()
    done = []
    real = lifetime_fitting.fit_lifetime_value

    def counting(method, *rest, **options):
        done.append(method)
        return real(method, *rest, **options)

    monkeypatch.setattr(lifetime_fitting, "fit_lifetime_value", counting)
    yield done
    CACHE.clear()


def test_the_same_call_trains_once(fits):
    with ecomsql.connect() as con:
        con.execute(
            "CREATE TABLE orders AS SELECT u AS user_id, n AS price, "
            "TIMESTAMP '2025-01-01' + INTERVAL 1 DAY * (u + n * u) AS ts "
            "FROM range(9) AS _(u), range(5) AS __(n)"
        )
        ask = "FROM predict_ltv(orders, method := 'bgnbd'{})"
        first = con.execute(ask.format("")).fetchall()
        assert con.execute(ask.format("")).fetchall() == first
        con.execute("CREATE TABLE m AS FROM train_ltv_model(orders, method := 'bgnbd')")
        con.execute(ask.format(", discount := 0.1")).fetchall()
        assert con.execute(ask.format(", model := 'm'")).fetchall() == first
        assert fits == ["bgnbd"]
        con.execute("INSERT INTO orders VALUES (3, 1.0, TIMESTAMP '2025-01-09')")
        con.execute(ask.format("")).fetchall()
        assert fits == ["bgnbd", "bgnbd"]
