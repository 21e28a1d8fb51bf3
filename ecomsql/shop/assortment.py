"""What the shop sells: categories, brands, prices, and each product's hidden traits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

TASTES = 6
"""Latent taste groups; categories ``2 g`` and ``2 g + 1`` belong to taste ``g``."""

ZIPF = 0.8
"""Exponent of popularity over rank within a category."""

SUCCESSION = (0.6, 0.3, 0.1)
"""Probability of each of a product's three successors."""

ELASTICITY = (-3.5, -0.8)
"""Range of the price elasticities."""

RARE = 0.1
"""Share of products that sell about once a week."""

PAIRS = 0.1
"""Share of products that have a partner."""


class Category(NamedTuple):
    """A department: its name, usual price, share of lines that come back, and its products."""

    name: str
    price: float
    returned: float
    nouns: tuple[str, ...]


CATEGORIES = (
    Category("Hiking", 95.0, 0.08, ("Trail Boot", "Rain Jacket", "Backpack", "Trekking Pole")),
    Category("Camping", 70.0, 0.05, ("Tent", "Sleeping Bag", "Camp Stove", "Head Torch")),
    Category("Dresses", 60.0, 0.16, ("Summer Dress", "Wrap Dress", "Maxi Skirt", "Blouse")),
    Category("Shoes", 80.0, 0.15, ("Sneaker", "Ankle Boot", "Loafer", "Sandal")),
    Category("Cookware", 45.0, 0.03, ("Frying Pan", "Saucepan", "Casserole", "Wok")),
    Category("Coffee", 25.0, 0.02, ("Moka Pot", "Hand Grinder", "Espresso Beans", "Drip Kettle")),
    Category("Audio", 120.0, 0.07, ("Headphones", "Earbuds", "Speaker", "Turntable")),
    Category("Gaming", 55.0, 0.06, ("Controller", "Keyboard", "Mouse", "Headset")),
    Category("Toys", 30.0, 0.04, ("Building Blocks", "Train Set", "Puzzle", "Plush Bear")),
    Category("Baby", 35.0, 0.05, ("Sleepsuit", "Carrier", "Bottle Set", "Play Mat")),
    Category("Garden", 40.0, 0.03, ("Pruner", "Watering Can", "Planter", "Herb Kit")),
    Category("Tools", 65.0, 0.04, ("Cordless Drill", "Socket Set", "Level", "Workbench")),
)

BRANDS = (
    *("Alder", "Brix", "Corvo", "Dunmore", "Elmet", "Fjell", "Garrow", "Hanbei"),
    *("Ilex", "Juno", "Kestrel", "Lumen", "Morava", "Nordhem", "Ostara", "Pell"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Assortment:
    """The products, one entry each, in order of item_id.

    Attributes
    ----------
    category, taste : int64 arrays
        Index into CATEGORIES; the taste is ``category // 2``.
    brand : int64 array
        Index into BRANDS.
    price, cost : float64 arrays
        List price and unit cost, in the shop's currency.
    popularity : float64 array
        Share of the category's picks; sums to 1 in each category.
    successors : int64 array, shape (items, 3)
        Products that are viewed after it, of the same taste.
    partner : int64 array
        Product that is bought with it, -1 for none.
    elasticity, base : float64 arrays
        Of the daily demand; `base` is the pieces a day at list price.
    quality : float64 array
        Standard normal; moves the rating.
    """

    category: NDArray[np.int64]
    brand: NDArray[np.int64]
    price: NDArray[np.float64]
    cost: NDArray[np.float64]
    popularity: NDArray[np.float64]
    successors: NDArray[np.int64]
    partner: NDArray[np.int64]
    elasticity: NDArray[np.float64]
    base: NDArray[np.float64]
    quality: NDArray[np.float64]

    @property
    def taste(self) -> NDArray[np.int64]:
        """Taste of each product."""
        return self.category // 2

    def __len__(self) -> int:
        """Return the number of products."""
        return len(self.category)

    def table(self) -> pl.DataFrame:
        """Return ``item_id, name, category, brand, price, unit_cost``; ids from 1."""
        nouns = np.arange(len(self)) // len(CATEGORIES)
        names = [
            f"{BRANDS[b]} {CATEGORIES[c].nouns[n % 4]} {100 + n}"
            for b, c, n in zip(self.brand, self.category, nouns, strict=True)
        ]
        return pl.DataFrame(
            {
                "item_id": np.arange(1, len(self) + 1),
                "name": names,
                "category": [CATEGORIES[c].name for c in self.category],
                "brand": [BRANDS[b] for b in self.brand],
                "price": self.price,
                "unit_cost": self.cost,
            }
        )


def draw_assortment(items: int, rng: np.random.Generator) -> Assortment:
    """Return `items` products, dealt to the categories in turn."""
    category = np.arange(items) % len(CATEGORIES)
    usual = np.asarray([c.price for c in CATEGORIES])[category]
    price = np.maximum(np.floor(usual * rng.lognormal(0, 0.4, items)), 3) + 0.99
    rare = rng.random(items) < RARE
    return Assortment(
        category=category,
        brand=rng.integers(len(BRANDS), size=items),
        price=price,
        cost=np.round(price * rng.uniform(0.4, 0.7, items), 2),
        popularity=_popularity(category, rng),
        successors=_successors(category // 2, rng),
        partner=_partners(items, rng),
        elasticity=rng.uniform(*ELASTICITY, items),
        base=np.where(rare, 0.15, rng.lognormal(2.0, 0.5, items)),
        quality=rng.standard_normal(items),
    )


def _popularity(category: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Give the products of each category a Zipf share, in random order."""
    share = np.zeros(len(category))
    for c in range(len(CATEGORIES)):
        members = rng.permutation(np.flatnonzero(category == c))
        weight = (1.0 + np.arange(len(members))) ** -ZIPF
        share[members] = weight / weight.sum()
    return share


def _successors(taste: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw three different successors of each product from its own taste, never itself."""
    chosen = np.empty((len(taste), len(SUCCESSION)), dtype=np.int64)
    for item, own in enumerate(taste):
        others = np.flatnonzero(taste == own)
        chosen[item] = rng.choice(others[others != item], len(SUCCESSION), replace=False)
    return chosen


def _partners(items: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Pair some products with another of any category."""
    pairs = rng.permutation(items)[: 2 * max(1, int(items * PAIRS))].reshape(2, -1)
    partner = np.full(items, -1, dtype=np.int64)
    partner[pairs[0]] = pairs[1]
    return partner
