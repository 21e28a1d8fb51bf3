"""Texts are cut where a reader would, and stand as they stood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecomsql.features.clause_breaks import breaks_after
from ecomsql.features.clauses import clauses_of
from ecomsql.features.text_units import units_of


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("It RUNS small. Lovely color!", ["It RUNS small", "Lovely color"]),
        ("The color, fit and fabric are great", ["The color, fit and fabric are great"]),
        ("The fit is great, the color is not", ["The fit is great", "the color is not"]),
        ("Nice but small", ["Nice", "but small"]),
        ("BUT why? However big", ["BUT why", "However big"]),
        ("nothing but praise, a rebuttal", ["nothing but praise, a rebuttal"]),
        ("$3.50, 1,000 times. 4.5 stars", ["$3.50, 1,000 times", "4.5 stars"]),
        ("味道好，送得慢。但是便宜", ["味道好", "送得慢", "但是便宜"]),
        ("很好 很快", ["很好", "很快"]),
        ("不但好吃不过贵", ["不但好吃", "不过贵"]),
        ("It&#39;s ok; <b>Fine</b>.<br/>Big", ["It&#39;s ok", "Fine", "Big"]),
        ("a <a href='x.y'>link. b", ["a <a href='x.y'>link", "b"]),
        ("so good 👍👍! 😀", ["so good 👍👍", "😀"]),
        ("", []),
        (" ... !?\n\t", []),
        ("<br>&nbsp;", []),
        ("a\0b", ["a b"]),
        ("\ud800 broken", ["broken"]),
    ],
)
def test_cut(text, clauses):
    assert clauses_of([text]).spelled() == clauses


@given(st.lists(st.text("ab ,.!\n好，。<>&;b\0u t'", max_size=40), max_size=5))
def test_each_stands_where_it_is_said_to(texts):
    found = clauses_of(texts)
    for text, place, span in zip(found.texts, found.places, found.spelled(), strict=True):
        assert texts[text].replace("\0", " ")[place : place + len(span)] == span
        assert span == span.strip()
        assert span
    alone = [span for text in texts for span in clauses_of([text]).spelled()]
    assert found.spelled() == alone


@pytest.mark.parametrize(
    "text", ["<" * 1_000_000, "&" * 1_000_000, "but " * 250_000, "a," * 500_000]
)
def test_long_texts(text):
    assert len(clauses_of([text]).spelled()) in (0, 1, 250_000)


def test_what_stands_after_units():
    assert breaks_after(units_of(["a b, c. d", "e"])).tolist() == [0, 1, 2, 2, 2]
    assert breaks_after(units_of(["很 好，吃"])).tolist() == [1, 1, 2]
    assert breaks_after(units_of(["", "see-through"])).tolist() == [0, 2]
    assert breaks_after(units_of([""])).tolist() == []
