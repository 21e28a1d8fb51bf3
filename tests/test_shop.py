from __future__ import annotations

import datetime as dt
import math

import numpy as np
import polars as pl
import pytest

from ecomsql.errors import OptionError
from ecomsql.shop import Shop, generate, simulate
from ecomsql.shop.assortment import CATEGORIES, ELASTICITY, TASTES
from ecomsql.shop.browsing import AFFINITY, FOLLOW
from ecomsql.shop.checkout import CART, CHECKOUT, MEMORY, TOGETHER
from ecomsql.shop.people import AGE_BANDS, AGE_SHARE, DROPOUT, VISIT_RATE
from ecomsql.shop.reviews import CHINESE
from ecomsql.shop.seasons import START, WEEKLY, YEARLY
from ecomsql.shop.vocabulary import ENGLISH, FIT

SCHEMAS = {
    "events": {
        "user_id": pl.Int64,
        "session_id": pl.Int64,
        "item_id": pl.Int64,
        "event_type": pl.String,
        "ts": pl.Datetime("us"),
        "price": pl.Float64,
        "quantity": pl.Int32,
    },
    "orders": {
        "order_id": pl.Int64,
        "user_id": pl.Int64,
        "item_id": pl.Int64,
        "ts": pl.Datetime("us"),
        "quantity": pl.Int32,
        "price": pl.Float64,
    },
    "items": {
        "item_id": pl.Int64,
        "name": pl.String,
        "category": pl.String,
        "brand": pl.String,
        "price": pl.Float64,
        "unit_cost": pl.Float64,
    },
    "users": {
        "user_id": pl.Int64,
        "country": pl.String,
        "signup": pl.Date,
        "age_band": pl.String,
    },
    "reviews": {
        "review_id": pl.Int64,
        "user_id": pl.Int64,
        "item_id": pl.Int64,
        "rating": pl.Int32,
        "text": pl.String,
        "ts": pl.Datetime("us"),
    },
    "prices": {
        "item_id": pl.Int64,
        "ts": pl.Date,
        "price": pl.Float64,
        "quantity": pl.Int32,
    },
}


@pytest.fixture(scope="module")
def shop() -> Shop:
    return simulate()


@pytest.fixture(scope="module")
def views(shop):
    events = shop.tables["events"]
    return events.filter(pl.col("event_type") == "view")


def of_items(shop, values, items):
    """Look up a trait of each product of a column of ids."""
    return np.asarray(values)[items.to_numpy() - 1]


def logistic(x, y, rounds=30):
    """Weights of a logistic regression by Newton's method, the intercept first."""
    x = np.column_stack([np.ones(len(x)), x])
    weights = np.zeros(x.shape[1])
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-x @ weights))
        hessian = (x * (p * (1 - p))[:, None]).T @ x
        weights += np.linalg.solve(hessian, x.T @ (y - p))
    return weights


def test_tables_have_the_documented_columns(shop):
    assert {name: dict(table.schema) for name, table in shop.tables.items()} == SCHEMAS


def test_default_size(shop):
    events = shop.tables["events"]
    assert 80_000 < len(events) < 160_000
    assert events["user_id"].n_unique() == len(shop.tables["users"]) == 2000
    assert len(shop.tables["items"]) == 400
    assert len(shop.tables["prices"]) == 400 * 365
    assert shop.tables["items"]["name"].is_unique().all()


def test_same_seed_same_bytes(tmp_path):
    size = {"users": 60, "items": 48, "days": 60}
    first = generate(tmp_path / "first", **size, seed=7)
    again = generate(tmp_path / "again", **size, seed=7)
    other = generate(tmp_path / "other", **size, seed=8)
    assert list(first) == ["events", "orders", "items", "users", "reviews", "prices"]
    for name, file in first.items():
        assert file == tmp_path / "first" / f"{name}.parquet"
        assert file.read_bytes() == again[name].read_bytes()
        assert file.read_bytes() != other[name].read_bytes()


@pytest.mark.parametrize("size", [{"users": 0}, {"items": 23}, {"days": 6}])
def test_too_small_a_shop_is_an_error(tmp_path, size):
    with pytest.raises(OptionError, match=f"a shop needs {next(iter(size))} >= "):
        generate(tmp_path, **size)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("size", [(1, 24, 7), (3, 30, 8)])
def test_smallest_shop_works(size):
    users, items, days = size
    shop = simulate(users=users, items=items, days=days)
    assert len(shop.tables["users"]) == users
    assert {name: dict(table.schema) for name, table in shop.tables.items()} == SCHEMAS


def test_everything_happens_within_the_days(shop):
    end = START + dt.timedelta(days=365)
    for name in ("events", "orders", "reviews"):
        times = shop.tables[name]["ts"]
        assert times.is_sorted()
        assert times.min() >= START
        assert times.max() < end + dt.timedelta(hours=1)


def test_every_order_line_has_its_event(shop):
    key = ["user_id", "item_id", "ts", "price", "quantity"]
    sold = shop.tables["orders"].filter(pl.col("quantity") > 0).select(key).sort(key)
    bought = shop.tables["events"].filter(pl.col("event_type") == "purchase").select(key).sort(key)
    assert sold.equals(bought)
    assert not shop.tables["orders"].select("order_id", "item_id", "ts").is_duplicated().any()


def test_prices_of_events_are_the_days(shop):
    priced = shop.tables["events"].join(
        shop.tables["prices"].select("item_id", "ts", today="price"),
        left_on=["item_id", pl.col("ts").dt.date()],
        right_on=["item_id", "ts"],
    )
    # A visit that began before midnight keeps its prices.
    assert (priced["price"] == priced["today"]).mean() > 0.99


def test_tastes_show_in_views(shop, views):
    own = shop.people.taste[views["user_id"].to_numpy() - 1]
    seen = of_items(shop, shop.assortment.taste, views["item_id"])
    expected = AFFINITY + (1 - AFFINITY) / TASTES
    assert np.mean(own == seen) == pytest.approx(expected, abs=0.03)


def test_tastes_show_in_age_bands(shop):
    bands = shop.tables["users"]["age_band"].to_list()
    typical = np.mean([AGE_BANDS[t] == b for t, b in zip(shop.people.taste, bands, strict=True)])
    assert typical == pytest.approx(AGE_SHARE + (1 - AGE_SHARE) / len(AGE_BANDS), abs=0.04)


def test_next_view_follows_the_last_ones(shop, views):
    ordered = views.sort("user_id", "ts", maintain_order=True).select(
        "item_id",
        last=pl.col("item_id").shift(1).over("user_id"),
        older=pl.col("item_id").shift(2).over("user_id"),
    )
    ordered = ordered.drop_nulls()
    item = ordered["item_id"].to_numpy() - 1
    successors = shop.assortment.successors

    def share(column):
        after = successors[ordered[column].to_numpy() - 1]
        return np.mean((after == item[:, None]).any(axis=1))

    # Fresh picks meet a successor by chance too, hence "a little more".
    assert FOLLOW[0] < share("last") < FOLLOW[0] + 0.08
    assert FOLLOW[1] < share("older") < FOLLOW[1] + 0.08


def test_weekdays_and_year_show_in_demand(shop):
    by_day = shop.tables["prices"].group_by("ts").agg(pl.col("quantity").sum()).sort("ts")
    by_weekday = by_day.group_by(pl.col("ts").dt.weekday()).agg(pl.col("quantity").mean())
    measured = by_weekday.sort("ts")["quantity"].to_numpy()
    assert measured / measured.mean() == pytest.approx(np.asarray(WEEKLY), abs=0.04)
    monthly = by_day.group_by(pl.col("ts").dt.month()).agg(pl.col("quantity").mean()).sort("ts")
    level = monthly["quantity"].to_numpy() / monthly["quantity"].mean()
    assert level.argmax() in (10, 11)
    assert level.argmin() in (4, 5)
    assert (level.max() - level.min()) / 2 == pytest.approx(YEARLY, abs=0.06)


def test_weekdays_show_in_visits(shop):
    sessions = shop.tables["events"].group_by("session_id").agg(pl.col("ts").min())
    counts = sessions.group_by(pl.col("ts").dt.weekday()).len().sort("ts")["len"].to_numpy()
    assert counts / counts.mean() == pytest.approx(np.asarray(WEEKLY), abs=0.08)


def test_elasticities_can_be_recovered(shop):
    goods = shop.assortment
    panel = shop.tables["prices"]
    demand = panel["quantity"].to_numpy().reshape(400, 365)
    price = panel["price"].to_numpy().reshape(400, 365)
    season = demand.sum(axis=0) / demand.sum()
    often = np.flatnonzero((goods.base > 4) & (price.std(axis=1) > 0.05 * goods.price))
    estimates = [
        _poisson_slope(np.log(price[i] / goods.price[i]), demand[i], season) for i in often
    ]
    truth = goods.elasticity[often]
    assert len(often) > 200
    assert np.corrcoef(estimates, truth)[0, 1] > 0.9
    assert np.median(np.asarray(estimates) - truth) == pytest.approx(0, abs=0.1)
    assert ELASTICITY[0] <= truth.min() <= truth.max() <= ELASTICITY[1]


def _poisson_slope(x, y, season, rounds=20):
    """Slope of a Poisson regression of y on x, with the season known up to a factor."""
    a, b = math.log(y.sum()), 0.0
    for _ in range(rounds):
        mean = season * np.exp(a + b * x)
        gradient = np.asarray([(y - mean).sum(), (x * (y - mean)).sum()])
        cross = (x * mean).sum()
        hessian = np.asarray([[mean.sum(), cross], [cross, (x * x * mean).sum()]])
        step = np.linalg.solve(hessian, gradient)
        a, b = a + step[0], b + step[1]
    return b


def test_promotions_are_in_the_prices(shop):
    price = shop.tables["prices"]["price"].to_numpy().reshape(400, 365)
    usual = np.median(price, axis=1)[:, None]
    assert 0.08 < np.mean(price < 0.92 * usual) < 0.25


def test_some_products_sell_rarely(shop):
    mean = shop.tables["prices"].group_by("item_id").agg(pl.col("quantity").mean())["quantity"]
    assert 0.05 < (mean < 0.5).mean() < 0.16


def test_carts_convert_by_price_and_recency(shop):
    events, people = shop.tables["events"], shop.people
    began = events.group_by("user_id", "session_id").agg(pl.col("ts").min().alias("began"))
    began = began.sort("user_id", "began").with_columns(
        gap=(pl.col("began") - pl.col("began").shift(1).over("user_id")).dt.total_seconds() / 86400
    )
    paid = events.filter(pl.col("event_type") == "purchase").select(
        "session_id", "item_id", paid=pl.lit(1.0)
    )
    carts = events.filter(pl.col("event_type") == "cart").unique(["session_id", "item_id"])
    carts = carts.join(began.select("session_id", "gap"), on="session_id")
    carts = carts.join(paid, on=["session_id", "item_id"], how="left")
    # Partners are bought without regard to price: look at what never is one.
    partners = shop.assortment.partner + 1
    carts = carts.filter(~pl.col("item_id").is_in(partners[partners > 0].tolist()))
    categories = of_items(shop, shop.assortment.category, carts["item_id"])
    usual = np.asarray([c.price for c in CATEGORIES])[categories]
    habit = people.habit[carts["user_id"].to_numpy() - 1]
    dear = np.log(carts["price"].to_numpy() / (usual * habit))
    recent = np.exp(-carts["gap"].fill_null(math.inf).to_numpy() / MEMORY)
    weights = logistic(np.column_stack([dear, recent]), carts["paid"].fill_null(0).to_numpy())
    assert weights == pytest.approx(np.asarray(CHECKOUT), abs=0.15)


def test_one_view_in_five_goes_into_the_cart(shop, views):
    carts = shop.tables["events"].filter(pl.col("event_type") == "cart")
    firsts = views.select("session_id", "item_id").n_unique()
    assert len(carts) / firsts == pytest.approx(CART, abs=0.02)


def test_visit_rates_vary_as_gamma(shop):
    shape, scale = VISIT_RATE
    assert shop.people.rate.mean() == pytest.approx(shape * scale, rel=0.1)
    stayed = np.flatnonzero(np.isinf(shop.left))
    sessions = shop.tables["events"].group_by("user_id").agg(pl.col("session_id").n_unique())
    counts = sessions.sort("user_id")["session_id"].to_numpy()
    there = 365 - shop.people.signup
    measured = (counts - 1)[stayed] / there[stayed]
    assert np.corrcoef(measured, shop.people.rate[stayed])[0, 1] > 0.85


def test_buyers_leave_as_in_bg_nbd(shop):
    orders = shop.tables["orders"].filter(pl.col("quantity") > 0)
    firsts = orders.group_by("user_id").agg(pl.col("ts").min(), pl.col("order_id").n_unique())
    users = firsts["user_id"].to_numpy() - 1
    left_at_once = np.isfinite(shop.left[users]) & (firsts["order_id"].to_numpy() == 1)
    a, b = DROPOUT
    assert np.mean(left_at_once) == pytest.approx(a / (a + b), abs=0.035)
    silent = np.setdiff1d(np.arange(2000), users)
    assert np.isinf(shop.left[silent]).all()


def test_nobody_comes_back_after_leaving(shop):
    last = shop.tables["events"].group_by("user_id").agg(pl.col("ts").max()).sort("user_id")
    day = (last["ts"] - START).dt.total_seconds().to_numpy() / 86400
    gone = np.isfinite(shop.left)
    assert 0.3 < gone.mean() < 0.8
    assert np.all(day[gone] - shop.left[gone] < 0.1)


def test_pairs_are_bought_together(shop):
    sold = shop.tables["orders"].filter(pl.col("quantity") > 0).select("order_id", "item_id")
    pairs = pl.DataFrame(
        {"item_id": np.arange(1, 401), "partner": shop.assortment.partner + 1}
    ).filter(pl.col("partner") > 0)
    with_partner = sold.join(pairs, on="item_id").join(
        sold.select("order_id", partner="item_id", both=pl.lit(True)),
        on=["order_id", "partner"],
        how="left",
    )
    assert len(pairs) == 40
    assert with_partner["both"].fill_null(False).mean() == pytest.approx(TOGETHER, abs=0.06)


def test_returns_depend_on_the_category(shop):
    orders = shop.tables["orders"]
    category = of_items(shop, shop.assortment.category, orders["item_id"])
    early = (orders["ts"] < START + dt.timedelta(days=340)).to_numpy()
    back = (orders["quantity"] < 0).to_numpy()
    for c, known in enumerate(CATEGORIES):
        sold = np.sum((category == c) & ~back & early)
        assert np.sum((category == c) & back) / sold == pytest.approx(known.returned, abs=0.05)
    net = orders.group_by("order_id", "item_id").agg(pl.col("quantity").sum())
    assert net["quantity"].min() == 0


def test_ratings_follow_quality_and_returns(shop):
    reviews, orders = shop.tables["reviews"], shop.tables["orders"]
    assert set(reviews["rating"].unique()) == {1, 2, 3, 4, 5}
    quality = of_items(shop, shop.assortment.quality, reviews["item_id"])
    assert np.corrcoef(quality, reviews["rating"].to_numpy())[0, 1] > 0.5
    back = orders.filter(pl.col("quantity") < 0).select("user_id", "item_id").unique()
    returned = reviews.join(back, on=["user_id", "item_id"])["rating"].mean()
    assert reviews["rating"].mean() - returned > 0.8


def test_words_follow_the_rating(shop):
    english = shop.tables["reviews"].filter(~pl.col("text").str.contains(r"\p{Han}"))
    said = english.select(
        "rating",
        praise=pl.col("text").str.contains(r"sturdy|\bcomfortable|\bfriendly|unbeatable"),
        blame=pl.col("text").str.contains("flimsy|tight|rude|overpriced"),
    )
    clear = said.filter(pl.col("rating") != 3)
    means = clear.group_by(pl.col("rating") > 3).mean().sort("rating")
    assert means["praise"][1] > 3 * means["praise"][0]
    assert means["blame"][0] > 3 * means["blame"][1]


def test_topics_follow_the_category(shop):
    reviews = shop.tables["reviews"].join(shop.tables["items"], on="item_id")
    fit = reviews.with_columns(
        fit=pl.col("text").str.contains("|".join(ENGLISH[FIT].things)),
        dress=pl.col("category").is_in(["Dresses", "Shoes"]),
    )
    share = fit.group_by("dress").agg(pl.col("fit").mean()).sort("dress")["fit"]
    assert share[1] > 2 * share[0]


def test_some_reviews_are_chinese(shop):
    han = shop.tables["reviews"]["text"].str.contains(r"\p{Han}")
    assert han.mean() == pytest.approx(CHINESE, abs=0.025)
