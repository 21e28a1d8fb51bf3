"""Phrases are found longest first, from the left, none within another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecomsql.features.phrase_table import PhraseTable
from ecomsql.features.text_units import units_of


def found(phrases: list[str], texts: list[str], joined: np.ndarray | None = None) -> list[str]:
    units = units_of(texts)
    matches = PhraseTable(phrases).found(
        units, np.ones(len(units), dtype=bool) if joined is None else joined
    )
    for phrase, start, end in zip(matches.phrases, matches.starts, matches.ends, strict=True):
        spelled = units_of([phrases[phrase]])
        assert spelled.hashes.tolist() == units.hashes[start:end].tolist()
    return [phrases[phrase] for phrase in matches.phrases]


@pytest.mark.parametrize(
    ("phrases", "text", "expected"),
    [
        (["错", "不错"], "不错，没有错", ["不错", "错"]),
        (["not", "not good", "good"], "Not good, good. not", ["not good", "good", "not"]),
        (["a b", "b c d"], "a b c d", ["a b"]),
        (["a b c d", "b", "a"], "a b c", ["a", "b"]),
        (["see through"], "a see-through top", ["see through"]),
        (["👍", "好"], "好👍", ["好", "👍"]),
        (["x", "", "x"], "x", ["x"]),
        ([], "x", []),
        (["x"], "", []),
    ],
)
def test_longest_first_from_the_left(phrases, text, expected):
    assert found(phrases, [text]) == expected


def test_phrases_do_not_go_on_where_units_are_not_joined():
    assert found(["a b"], ["a b a b"], np.array([True, True, False, True])) == ["a b"]


def test_only_keeps_what_is_wanted():
    units = units_of(["a b a"])
    matches = PhraseTable(["a", "b"]).found(units, np.ones(3, dtype=bool))
    assert matches.only(np.array([True, False])).starts.tolist() == [0, 2]


@settings(max_examples=60, deadline=None)
@given(
    phrases=st.lists(st.text("好不错", min_size=1, max_size=4), min_size=1, max_size=6),
    text=st.text("好不错", max_size=30),
)
def test_is_what_a_plain_search_finds(phrases, text):
    expected, at = [], 0
    while at < len(text):
        fitting = [one for one in phrases if text.startswith(one, at)]
        longest = max(fitting, key=len, default="")
        expected += [longest] if longest else []
        at += len(longest) or 1
    assert found(phrases, [text]) == expected
