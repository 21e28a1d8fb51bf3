"""A small made-up shop with known truths in it, written as Parquet files from a seed.

What is planted, and where its parameters stand:

tastes
    Every user belongs to one of 6 latent taste groups, every category to one taste. A product that
    is not a follow-up is picked inside the own taste with probability ``browsing.AFFINITY`` (0.85),
    by popularity (Zipf, ``assortment.ZIPF``); else anywhere. Half of a taste's users
    (``people.AGE_SHARE``) are in the age band of that taste.
sequences
    The next product viewed follows from the last one with probability 0.35
    and from the one before it with 0.10 (``browsing.FOLLOW``), also across visits: each product has
    three successors, taken with ``assortment.SUCCESSION`` (0.6, 0.3, 0.1).
seasons
    Visits and demand follow the weekday (``seasons.WEEKLY``, mean 1, Saturday highest), the year
    (amplitude ``seasons.YEARLY``, 0.3, highest on 6 December) and visits the hour of the day.
prices
    Daily demand is Poisson with mean *base x season x (price / list price) ^ elasticity*, one
    elasticity a product, even between ``assortment.ELASTICITY`` (-3.5 to -0.8). About five
    promotions a year and product, 10 to 30 % off for one to two weeks; list prices drift a little.
    One product in ten sells rarely (``assortment.RARE``).
carts
    A product viewed goes into the cart with probability ``checkout.CART`` (0.2). A cart line is
    bought with the probability ``sigmoid(b0 + b1 log(price / habit) + b2 exp(-days / 14))``,
    (b0, b1, b2) = ``checkout.CHECKOUT`` (-0.2, -1.6, 1.2), where *habit* is the user's price level
    (log-normal, ``people.HABIT``) times the category's usual price, and *days* is the time since
    the user's last visit.
churn
    As in BG/NBD (Fader, Hardie & Lee, 2005): a user comes at a rate of their own, Gamma with shape
    and scale ``people.VISIT_RATE``, and leaves for good after a purchase with a probability of
    their own, Beta with ``people.DROPOUT``.
pairs
    One product in ten has a partner (``assortment.PAIRS``), bought with it in the same order with
    probability ``checkout.TOGETHER`` (0.5).
refunds
    A line comes back after 3 to 21 days, with the probability of its category
    (``assortment.CATEGORIES``, 2 to 16 %), as a line of negative quantity in the same order.
reviews
    The rating follows the product's quality, and falls by ``reviews.RETURN_PENALTY`` for what came
    back. Each sentence has one of five topics, which depend on the category, and praises or
    blames with the rating, but for one in ten (``reviews.CONTRARY``). One review in seven is
    Chinese (``reviews.CHINESE``).

Same arguments, same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from ecomsql.errors import OptionError
from ecomsql.shop.assortment import Assortment, draw_assortment
from ecomsql.shop.orders import order_lines
from ecomsql.shop.people import People, draw_people
from ecomsql.shop.prices import daily_demand, daily_prices
from ecomsql.shop.reviews import write_reviews
from ecomsql.shop.seasons import Days
from ecomsql.shop.visits import simulate_visits

__all__ = ["Shop", "generate", "simulate"]

SMALLEST = {"users": 1, "items": 24, "days": 7}
"""The least of each that makes a shop: two products a category, one week."""


@dataclass(frozen=True, slots=True, eq=False)
class Shop:
    """The shop's tables, and the truth behind them.

    Attributes
    ----------
    tables : dict of DataFrame
        ``events, orders, items, users, reviews, prices``: what is written.
    assortment : Assortment
        Each product's taste, elasticity, successors, partner and quality, in order of item_id.
    people : People
        Each user's taste, visit rate, dropout probability and price habit, in order of user_id.
    left : float64 array, shape (users,)
        Day on which the user left for good, counted from the first; inf: still a customer.
    """

    tables: dict[str, pl.DataFrame]
    assortment: Assortment
    people: People
    left: Days


def generate(
    folder: Path, *, users: int = 2000, items: int = 400, days: int = 365, seed: int = 42
) -> dict[str, Path]:
    """Write the shop's tables as Parquet files.

    Parameters
    ----------
    folder : Path
        Where to; made if missing.
    users, items, days : int
        Size of the shop; the first day is 1 January 2025.
    seed : int
        Another seed, another shop.

    Returns
    -------
    dict of Path
        File of each table: events, orders, items, users, reviews, prices.

    Raises
    ------
    OptionError
        The shop would be too small.
    """
    shop = simulate(users=users, items=items, days=days, seed=seed)
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: folder / f"{name}.parquet" for name in shop.tables}
    for name, table in shop.tables.items():
        table.write_parquet(files[name])
    return files


def simulate(*, users: int = 2000, items: int = 400, days: int = 365, seed: int = 42) -> Shop:
    """Make the shop in memory, with the truth behind it. The arguments are :func:`generate`'s."""
    _check({"users": users, "items": items, "days": days})
    # A stream of its own for each part, so that a change in one leaves the others as they are.
    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(7)]
    goods = draw_assortment(items, streams[0])
    crowd = draw_people(users, days, streams[1])
    prices = daily_prices(goods, days, streams[2])
    demand = daily_demand(goods, prices, streams[3])
    events, left = simulate_visits(crowd, goods, prices, streams[4])
    orders = order_lines(events, goods, days, streams[5])
    tables = {
        "events": events,
        "orders": orders,
        "items": goods.table(),
        "users": crowd.table(),
        "reviews": write_reviews(orders, goods, days, streams[6]),
        "prices": demand,
    }
    return Shop(tables, goods, crowd, left)


def _check(sizes: dict[str, int]) -> None:
    for name, size in sizes.items():
        if size < SMALLEST[name]:
            raise OptionError(f"a shop needs {name} >= {SMALLEST[name]}, not {size}")
