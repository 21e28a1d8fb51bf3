"""What pictures are made of, without drawing them."""

from __future__ import annotations

import numpy as np
import pytest

from ecomsql.errors import DataError
from ecomsql.plots.recognised import recognised
from ecomsql.plots.rhythm import in_rhythm
from ecomsql.plots.titles import shown, title_of
from ecomsql.plots.types import is_number, is_text, is_time


def days(*dates):
    return np.array(dates, dtype="datetime64[s]").astype(np.float64) / 86400


def test_orders_are_added_up_by_the_week():
    past = days("2025-01-06T10:00", "2025-01-12T23:59", "2025-01-20")
    ahead = days("2025-01-27", "2025-02-03", "2025-02-10")
    x, values = in_rhythm(past, np.array([1.0, 2, 5]), ahead, calendar=True, total=True)
    assert (x == days("2025-01-06", "2025-01-13", "2025-01-20")).all()
    assert values.tolist() == [3, 0, 5]


def test_prices_are_averaged_by_the_day():
    past = days("2025-01-03T10:00", "2025-01-01", "2025-01-03T11:00")
    x, values = in_rhythm(
        past, np.array([1.0, 2, 5]), days("2025-02-01", "2025-02-02"), calendar=True, total=False
    )
    assert (x == days("2025-01-01", "2025-01-03")).all()
    assert values.tolist() == [2, 3]


@pytest.mark.parametrize(
    ("ahead", "there"),
    [
        (("2025-03-01", "2025-04-01", "2025-05-01"), ("2024-12-01", "2025-01-01", "2025-02-01")),
        (("2025-03-31", "2025-04-30", "2025-05-31"), ("2024-12-31", "2025-01-31", "2025-02-28")),
        (("2025-04-01", "2025-07-01", "2025-10-01"), ("2024-10-01", "2025-01-01")),
    ],
)
def test_months_and_quarters(ahead, there):
    past = days("2024-12-05", "2025-02-27T12:00")
    x, values = in_rhythm(past, np.array([1.0, 2]), days(*ahead), calendar=True, total=True)
    assert (x == days(*there)).all()
    assert values.sum() == 3


def test_years():
    past = days("2022-05-05", "2024-12-31")
    ahead = days("2025-01-01", "2026-01-01", "2027-01-01")
    x, values = in_rhythm(past, np.ones(2), ahead, calendar=True, total=True)
    assert (x == days("2022-01-01", "2023-01-01", "2024-01-01")).all()
    assert values.tolist() == [1, 0, 1]


def test_whole_numbers_and_a_single_step():
    x, values = in_rhythm(
        np.array([1.0, 3, 3]),
        np.array([1.0, 2, 4]),
        np.array([4.0, 5]),
        calendar=False,
        total=False,
    )
    assert (x.tolist(), values.tolist()) == ([1, 3], [1, 3])
    x, values = in_rhythm(
        np.array([3.5, 1, 3.5]), np.ones(3), np.array([9.0]), calendar=False, total=True
    )
    assert (x.tolist(), values.tolist()) == ([1, 3.5], [1, 2])


def test_hours_do_not_drift():
    hours = days("2025-01-01") + np.arange(48) / 24
    x, values = in_rhythm(
        hours, np.arange(48.0), hours[-1] + np.arange(1, 25) / 24, calendar=True, total=False
    )
    assert values.tolist() == list(range(48))
    assert np.allclose(x, hours)


def test_nothing_before():
    nothing = np.empty(0)
    x, _ = in_rhythm(nothing, nothing, np.array([1.0, 2]), calendar=False, total=True)
    assert len(x) == 0


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ("series_id ts forecast lower upper method status", "forecast"),
        ("TS Forecast LOWER upper", "forecast"),
        ("series_id ts value expected lower upper score is_anomaly", "anomalies"),
        ("series_id ts value trend seasonal remainder", "decomposition"),
        ("series_id ts value trend", "lines"),
    ],
)
def test_kinds(columns, kind):
    names = columns.split()
    kinds = ["BIGINT" if name == "series_id" else "DOUBLE" for name in names]
    what = recognised(names, kinds)
    assert what.kind == kind
    assert not what.calendar
    assert [names[at] for at in what.keys[:1]] == (["series_id"] if "series_id" in names else [])


def test_columns_that_lines_go_along():
    what = recognised(["n", "shop", "sold", "day"], ["INTEGER", "VARCHAR", "DOUBLE", "DATE"])
    assert (what.keys, what.x, what.values) == ((1,), 3, {"n": 0, "sold": 2})
    assert what.calendar


@pytest.mark.parametrize(
    "kinds", [["VARCHAR"], ["DATE"], ["DOUBLE[]", "DATE"], ["BOOLEAN", "TIME"]]
)
def test_nothing_to_draw(kinds):
    names = [f"c{i}" for i in range(len(kinds))]
    with pytest.raises(DataError, match=f"c0 {kinds[0].split('[')[0]}"):
        recognised(names, kinds)


def test_types():
    for kind in ("UBIGINT", "DECIMAL(18,3)", "HUGEINT", "FLOAT"):
        assert is_number(kind)
        assert not is_number(f"{kind}[]")
    for kind in ("DATE", "TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE"):
        assert is_time(kind)
        assert not is_time(f"{kind}[]")
    assert is_text("ENUM('a', 'b')")
    assert not is_text("STRUCT(a VARCHAR)")


def test_titles():
    assert title_of((None, "theta"), null="all rows") == "all rows · theta"
    assert title_of(("a", None), null="NULL") == "a"
    assert shown("\x1b[31mred\x7f") == "�[31mred�"
    assert shown("x" * 40) == "x" * 40
    assert shown("x" * 100) == "x" * 39 + "…"
    assert shown("日" * 100) == "日" * 19 + "…"
    assert shown("") == ""


@pytest.mark.parametrize("length", np.logspace(-9, 6, 80).tolist())
def test_every_length_of_time_has_ticks(length):
    figures = pytest.importorskip("matplotlib.figure", reason="the extra 'plot' is not installed")
    from ecomsql.plots.axis import along, up
    from ecomsql.plots.style import styled

    first = days("2025-01-31T17:12:34")
    with styled():
        axes = figures.Figure().add_subplot()
        along(axes, np.array([first, first + length]), calendar=True)
        up(axes)
        texts = [text for text in axes.xaxis.get_ticklabels() if text.get_text()]
    assert 1 <= len(texts) <= 13


def test_long_numbers_have_commas():
    figures = pytest.importorskip("matplotlib.figure", reason="the extra 'plot' is not installed")
    from ecomsql.plots.axis import up
    from ecomsql.plots.style import styled

    with styled():
        axes = figures.Figure().add_subplot()
        axes.plot([0, 1], [-1_234_567, 2_345_678])
        up(axes)
        texts = [text.get_text() for text in axes.yaxis.get_ticklabels()]
    assert "1,000,000" in texts
    assert "\u22121,000,000" in texts
