"""Where users stand among all: ranks as of a point, of those who were there by then."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.stats import rankdata
from test_behaviour import log_of, random_rows

from ecomsql.features import behaviour as module
from ecomsql.features.behaviour import behaviour
from ecomsql.features.calendar import DAY
from ecomsql.features.event_log import PURCHASE, EventLog
from ecomsql.features.standing import MIDDLING, RANKED, standing

CUT = 20.0 * DAY


def ranks_of(log: EventLog, cut: float = CUT) -> pl.DataFrame:
    return behaviour(log, [cut]).select("user", *(f"{name}_rank" for name in RANKED))


def later(cut: float, *, days: float) -> list[tuple]:
    """Return events of users who were not seen before the cut."""
    return [(100 + at, at, cut + days * DAY, PURCHASE, 1.0, 1.0) for at in range(30)]


@pytest.mark.parametrize("name", RANKED)
def test_is_the_rank_of_the_feature(name):
    frame = behaviour(log_of(random_rows(3)), [CUT])
    known = frame.filter(pl.col(name).is_not_nan())
    expected = rankdata(known[name].to_numpy().astype(np.float32)) - 0.5 + MIDDLING / 2
    assert known[f"{name}_rank"].to_numpy() == pytest.approx(expected / (len(known) + MIDDLING))
    unknown = frame.filter(pl.col(name).is_nan())
    assert unknown[f"{name}_rank"].is_nan().all()


def test_those_who_come_later_change_no_rank():
    rows = random_rows(3)
    expected = ranks_of(log_of(rows))
    assert ranks_of(log_of(rows + later(CUT, days=0))).equals(expected)
    # Those who came a little earlier do.
    before = ranks_of(log_of(rows + later(CUT, days=-0.001)))
    assert not before.filter(pl.col("user") < 100).equals(expected)


def test_ranks_among_those_of_the_whole_log_are_caught():
    """Plant the leak: ranks that count users who are not there yet."""

    def peeking(log: EventLog) -> pl.DataFrame:
        frame = pl.concat([behaviour(log, [CUT]), behaviour(log, [log.last])])
        return standing(frame.select("cut", "user", *RANKED)).filter(pl.col("cut") == CUT)

    rows = random_rows(3)
    assert not peeking(log_of(rows)).equals(peeking(log_of(rows + later(CUT, days=0))))


def test_several_points_are_ranked_apart():
    log = log_of(random_rows(3))
    both = behaviour(log, [CUT, 30.0 * DAY])
    assert both.filter(pl.col("cut") == CUT).equals(behaviour(log, [CUT]))


def test_what_differs_by_rounding_alone_ranks_the_same():
    values = [0.1 + 0.2, 0.3, 0.3 - 1e-12, 1.0]
    rows = pl.DataFrame(dict.fromkeys(RANKED, values))
    assert standing(rows)["spent_rank"].n_unique() == 2


def test_of_few_users_little_is_said():
    alone = ranks_of(log_of([row for row in random_rows(3) if row[0] == 0]))
    assert set(alone.drop("user").row(0)) <= {0.5}
    many = standing(pl.DataFrame({name: np.arange(10_000.0) for name in RANKED}))["spent_rank"]
    assert (many.min(), many.max()) == (pytest.approx(0, abs=2e-3), pytest.approx(1, abs=2e-3))


def test_is_part_of_behaviour(monkeypatch):
    monkeypatch.setattr(module, "standing", lambda rows: rows)
    names = behaviour(log_of(random_rows(3)), [CUT]).columns
    assert set(RANKED) <= set(names)
    assert not any(name.endswith("_rank") for name in names)
