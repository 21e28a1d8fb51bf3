"""Who buys: tastes, price habits, visit rates and lifetimes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecomsql.shop.assortment import TASTES
from ecomsql.shop.seasons import START, Days

VISIT_RATE = (1.3, 0.08)
"""Shape and scale of the visits a day."""

DROPOUT = (0.8, 3.2)
"""Parameters a and b of the probability to leave for good after a purchase; mean a / (a + b)."""

HABIT = 0.35
"""Standard deviation of the log of a user's price level."""

AGE_SHARE = 0.5
"""Share of a taste's users who are in the age band of the same number."""

AGE_BANDS = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+")
COUNTRIES = {"DE": 0.30, "FR": 0.20, "GB": 0.18, "NL": 0.12, "CN": 0.12, "PL": 0.08}


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """The users, one entry each, in order of user_id.

    Attributes
    ----------
    taste, age, country : int64 arrays
        Taste group; index into AGE_BANDS; index into COUNTRIES.
    signup : float64 array
        Day of the first visit, counted from the shop's first day.
    rate : float64 array
        Visits a day while a customer.
    dropout : float64 array
        Probability to leave for good after a purchase.
    habit : float64 array
        Price level: 1 is the category's usual price.
    """

    taste: NDArray[np.int64]
    age: NDArray[np.int64]
    country: NDArray[np.int64]
    signup: Days
    rate: NDArray[np.float64]
    dropout: NDArray[np.float64]
    habit: NDArray[np.float64]

    def __len__(self) -> int:
        """Return the number of users."""
        return len(self.taste)

    def table(self) -> pl.DataFrame:
        """Return ``user_id, country, signup, age_band``; ids from 1."""
        countries = list(COUNTRIES)
        return pl.DataFrame(
            {
                "user_id": np.arange(1, len(self) + 1),
                "country": [countries[c] for c in self.country],
                "signup": [START.date() + dt.timedelta(days=int(d)) for d in self.signup],
                "age_band": [AGE_BANDS[a] for a in self.age],
            }
        )


def draw_people(users: int, days: int, rng: np.random.Generator) -> People:
    """Return `users` people: a third are there in the first month, the others come over time."""
    taste = rng.integers(TASTES, size=users)
    early = rng.random(users) < 1 / 3
    anyone = rng.integers(len(AGE_BANDS), size=users)
    # Drawn before the shares are applied: each draw has its place in the stream.
    typical = rng.random(users) < AGE_SHARE
    shares = list(COUNTRIES.values())
    return People(
        taste=taste,
        age=np.where(typical, taste, anyone),
        country=rng.choice(len(shares), size=users, p=shares),
        signup=rng.random(users) * np.where(early, min(30.0, days / 4), 0.85 * days),
        rate=rng.gamma(*VISIT_RATE, users),
        dropout=rng.beta(*DROPOUT, users),
        habit=rng.lognormal(0, HABIT, users),
    )
