"""Options, and what is said of those that are wrong."""

# An error is one of the two right answers here.
# ruff: noqa: PT017

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecomsql import options
from ecomsql.errors import OptionError, did_you_mean, listed

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=3,
)


@given(json_values)
def test_whole_gives_an_int_or_an_option_error(value):
    try:
        found = options.whole("k", value, at_least=1)
    except OptionError as error:
        assert str(error).startswith("k := ")
    else:
        assert type(found) is int
        assert found >= 1
        assert found == value


@given(json_values)
def test_number_gives_a_float_in_range_or_an_option_error(value):
    try:
        found = options.number("alpha", value, low=-1, high=2)
    except OptionError as error:
        assert "a number from -1 to 2" in str(error)
    else:
        assert type(found) is float
        assert -1 <= found <= 2
        assert found == value


@given(json_values)
def test_choice_gives_one_of_them_or_an_option_error(value):
    try:
        found = options.choice("method", value, ["als", "ease"])
    except OptionError as error:
        assert "is not one of: als, ease" in str(error)
    else:
        assert found in ("als", "ease")
        assert found == value.lower()


@given(json_values)
def test_flag_gives_a_bool_or_an_option_error(value):
    try:
        assert options.flag("exclude_seen", value) is value
        assert isinstance(value, bool)
    except OptionError as error:
        assert "neither true nor false" in str(error)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (0, "k := 0 is too small; take 1 or more"),
        (1.5, "k := 1.5 is not a whole number of at least 1"),
        ("a", "k := 'a' is not a whole number of at least 1"),
        (None, "k := NULL is not a whole number of at least 1"),
        (True, "k := true is not a whole number of at least 1"),
        (math.inf, "k := inf is not a whole number of at least 1"),
    ],
)
def test_messages_speak_sql(value, message):
    with pytest.raises(OptionError) as caught:
        options.whole("k", value, at_least=1)
    assert str(caught.value) == message


def test_number_without_an_upper_end():
    assert options.number("alpha", 1e9, low=0) == 1e9
    with pytest.raises(OptionError, match="alpha := -1 is out of range; take a number >= 0"):
        options.number("alpha", -1, low=0)


def test_choice_guesses_and_knows_what_is_to_come():
    with pytest.raises(OptionError, match=r"did you mean 'item_knn'\?"):
        options.choice("method", "item-knn", ["als", "item_knn"])
    with pytest.raises(OptionError, match="'sasrec' is not available yet; the methods that are: a"):
        options.choice("method", "SASRec".lower(), ["als"], later=["sasrec"])


def fit(data, *, seed, factors=8, alpha=1.0):
    """A method with two options."""


def test_accepted_leaves_out_what_is_not_set():
    assert options.keywords(fit) == ["seed", "factors", "alpha"]
    assert options.accepted("als", fit, {"factors": 3, "alpha": None}) == {"factors": 3}
    assert options.accepted("als", fit, {"alpha": 0}) == {"alpha": 0}
    with pytest.raises(OptionError) as caught:
        options.accepted("als", fit, {"similarity": "cosine"})
    assert str(caught.value) == "method 'als' has no option 'similarity'; it takes: factors, alpha"


def test_lists_and_guesses():
    assert listed([]) == "none"
    assert listed(iter("ab")) == "a, b"
    assert did_you_mean("User ID", ["user_id"]) == "; did you mean 'user_id'?"
    assert did_you_mean("", ["user_id"]) == ""
