"""What is told of sequences, written for people: equal to the events themselves."""

from __future__ import annotations

import numpy as np
import pytest
from test_event_sequences import sequences_of

from ecomsql.features.calendar import DAY
from ecomsql.features.event_log import CART, OTHER, PURCHASE, VIEW
from ecomsql.features.number_text import number_texts
from ecomsql.features.sequence_inputs import INPUTS, input_values

HOUR = DAY / 24
ROWS = [
    (0, 1, 0.0, VIEW, 10.0, 1.0),
    (0, 1, 3 * HOUR, CART, 10.0, 1.0),
    (0, 1, 8 * HOUR, PURCHASE, 10.0, 3.0),
    (0, 2, 10 * HOUR, OTHER, 20.0, 1.0),
    (1, None, 20 * HOUR, VIEW, None, 1.0),
]


def test_values_are_those_of_the_events():
    first, second = (
        dict(zip(INPUTS, row, strict=True)) for row in input_values(sequences_of(ROWS, 1))
    )
    assert first["events"] == "4"
    assert first["kinds"] == "view 1, cart 1, purchase 1, other 1"
    # Item 1 was bought once within 30 days: log 2 is .69, in steps of a half .5; item 2 never.
    assert first["item_popularity"] == "0.375"
    assert first["hours_between_events"] == "2.5"
    assert float(first["hours_since_event"]) == pytest.approx(14, rel=1e-3)
    assert float(first["price_to_habit"]) == pytest.approx(1, abs=2e-3)
    assert first["quantity"] == "1"
    assert second["kinds"] == "view 1"
    assert second["item_popularity"] is None
    assert second["hours_between_events"] == "0"
    assert float(second["hours_since_event"]) == pytest.approx(4, rel=1e-3)


def test_numbers_as_text():
    numbers = np.array([3.0, 0.5, np.nan, np.inf, -np.inf, 1e20])
    assert number_texts(numbers) == ["3", "0.5", None, "inf", "-inf", "100000000000000000000"]
    rounded = number_texts([82.50000000000276, 1e-9, 123456.0, -0.0, np.nan], digits=4)
    assert rounded == ["82.5", "0.000000001", "123500", "0", None]
