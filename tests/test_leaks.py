"""What is held out is not seen: planted data on which only a leak can score.

Every user has taken one item of her own, her *signature*, then five others drawn without any
pattern. What is held out is among those, so that nothing in what is left tells it, and the best
that a method can do is chance. Whoever saw the held-out events would find it through the signature.
"""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl
import pytest
from ecomsql.udfs import evaluate_recommender as evaluation

import ecomsql
from ecomsql.cache import CACHE
from ecomsql.features.splits import SPLITS
from ecomsql.models import recommenders

N_USERS, N_ITEMS, K = 240, 400, 20
every_split = pytest.mark.parametrize("split", SPLITS)
METHODS = ["popular", "item_knn", "user_knn"]
"""Those that take no time: what they are given is what any method is given."""


@pytest.fixture(autouse=True)
def nothing_cached():
    """Each test measures anew what is patched for it, and leaves nothing behind."""
    CACHE.clear()
    yield
    CACHE.clear()


@pytest.fixture(scope="module")
def con():
    """A connection with `planted`, and nothing learned from it before."""
    random = np.random.default_rng(11)
    rows = []
    for user in range(N_USERS):
        items = random.choice(N_ITEMS, 5, replace=False)
        times = random.random(5)
        rows += [(user, int(item), float(at)) for item, at in zip(items, times, strict=True)]
        rows.append((user, N_ITEMS + user, -1.0))
    frame = pl.DataFrame(rows, schema=["user_id", "item_id", "ts"], orient="row").to_arrow()
    with ecomsql.connect() as connection:
        connection.register("frame", frame)
        connection.execute("CREATE TABLE planted AS FROM frame")
        yield connection


def recalls(con, split: str, *, exclude_seen: bool = True, methods=METHODS) -> dict[str, float]:
    found = con.execute(
        f"SELECT method, value FROM evaluate_recommender(planted, k := {K}, method := {methods}, "
        f"split := '{split}', exclude_seen := {exclude_seen}) WHERE metric = 'recall'"
    ).fetchall()
    return dict(found)


def limit() -> float:
    """Return the chance to find one of the items with k places, and four standard errors more."""
    chance = K / N_ITEMS
    return chance + 4 * np.sqrt(chance * (1 - chance) / N_USERS)


@every_split
@pytest.mark.parametrize("exclude_seen", [True, False])
def test_what_has_no_pattern_is_found_by_chance_alone(con, split, exclude_seen):
    for method, rate in recalls(con, split, exclude_seen=exclude_seen).items():
        assert rate < limit(), method


def test_no_method_finds_more_than_chance(con):
    rates = recalls(con, "leave_last_out", methods=recommenders.methods())
    assert max(rates.values()) < limit(), rates


@every_split
def test_a_fit_on_everything_is_caught(con, split, monkeypatch):
    real = evaluation.fit_once
    leaky = lambda request, _, method: real(request, request.data, method)  # noqa: E731
    monkeypatch.setattr(evaluation, "fit_once", leaky)
    rates = recalls(con, split)
    for method in ("item_knn", "user_knn"):
        assert rates[method] > 5 * limit(), rates


@every_split
def test_a_split_that_leaves_behind_what_it_holds_out_is_caught(con, split, monkeypatch):
    real = evaluation._split
    monkeypatch.setattr(evaluation, "_split", lambda request: (request.data, real(request)[1]))
    rates = recalls(con, split, exclude_seen=False)
    for method in ("item_knn", "user_knn"):
        assert rates[method] > 5 * limit(), rates
    # What is in training is not looked for, unless lists may hold it.
    with pytest.raises(duckdb.InvalidInputException, match="no interaction could be held out"):
        recalls(con, split)


def test_a_pair_repeated_later_leaves_no_event_behind(con):
    """Each pair has several events: held out by the event, the earlier ones would give it away."""
    con.execute(
        "CREATE OR REPLACE TABLE repeated AS SELECT * REPLACE (ts + 100 * n AS ts) "
        "FROM planted, range(3) AS _(n) WHERE item_id < 400 OR n = 0"
    )
    for split in SPLITS:
        found = con.execute(
            f"SELECT method, value FROM evaluate_recommender(repeated, k := {K}, "
            f"method := {METHODS}, split := '{split}') WHERE metric = 'recall'"
        ).fetchall()
        assert max(rate for _, rate in found) < limit(), (split, found)
