"""Columns by role, and what is said when one is not there."""

# An error is one of the two right answers here.
# ruff: noqa: PT017

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecomsql.errors import ColumnError
from ecomsql.roles import resolve


def test_finds_required_columns_without_regard_to_case():
    found = resolve(
        ["CustomerID", "sku"], required={"user_col": "customerid", "item_col": "SKU"}, optional={}
    )
    assert found == {"user_col": "CustomerID", "item_col": "sku"}


def test_an_optional_canonical_column_is_used_when_there():
    optional = {"time_col": (None, "ts"), "weight_col": (None, None)}
    assert resolve(["a", "TS"], required={}, optional=optional) == {
        "time_col": "TS",
        "weight_col": None,
    }
    assert resolve(["a"], required={}, optional=optional) == {"time_col": None, "weight_col": None}


def test_an_optional_column_that_is_named_must_be_there():
    with pytest.raises(ColumnError, match=r"no column .when. for time_col; the columns are: a, b$"):
        resolve(["a", "b"], required={}, optional={"time_col": ("when", "ts")})


@pytest.mark.parametrize(
    ("there", "role", "wanted", "hint"),
    [
        (["user_id", "x"], "user_col", "userid", "; did you mean user_col := 'user_id'?"),
        (["CustomerID", "x"], "user_col", "user_id", "; did you mean user_col := 'CustomerID'?"),
        (["StockCode", "x"], "item_col", "item_id", "; did you mean item_col := 'StockCode'?"),
        (["InvoiceDate", "x"], "time_col", "ts", "; did you mean time_col := 'InvoiceDate'?"),
        (["Qty", "x"], "weight_col", "weight", "; did you mean weight_col := 'Qty'?"),
        (["x", "y"], "user_col", "user_id", ""),
        ([], "user_col", "user_id", ""),
    ],
)
def test_guesses_by_spelling_and_by_meaning(there, role, wanted, hint):
    with pytest.raises(ColumnError) as caught:
        resolve(there, required={role: wanted}, optional={})
    listed = ", ".join(there) or "none"
    assert str(caught.value) == f"no column '{wanted}' for {role}; the columns are: {listed}{hint}"


@pytest.mark.parametrize("wanted", [None, 3, True, ["user_id"], {}])
def test_what_is_no_name_is_refused(wanted):
    with pytest.raises(ColumnError, match="user_id"):
        resolve(["user_id"], required={"user_col": wanted}, optional={})


@given(st.lists(st.text(min_size=1), unique_by=str.lower, max_size=5), st.text())
def test_gives_a_column_that_is_there_or_an_error(there, wanted):
    try:
        found = resolve(there, required={"user_col": wanted}, optional={})["user_col"]
    except ColumnError as error:
        assert repr(wanted)[1:-1] in repr(str(error)) or wanted in str(error)
        assert wanted.lower() not in {name.lower() for name in there}
    else:
        assert found in there
        assert found.lower() == wanted.lower()
