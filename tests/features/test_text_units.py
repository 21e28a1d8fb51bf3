"""Words, ideographs and emoji of texts, whatever the texts hold."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from ecomsql.features.text_clean import LONGEST, cleaned
from ecomsql.features.text_units import chunks, units_of


def spelled(text: str) -> list[str]:
    units = units_of([text])
    return units.spelled(np.arange(len(units)))


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("It's GREAT, isn’t it?", ["it's", "great", "isn't", "it"]),
        ("味道不错，送货快", list("味道不错送货快")),
        ("size M/L fits 5'4\"", ["size", "m", "l", "fits", "5'4"]),
        ("Love it 😍😍👍🏽!!", ["love", "it", "😍", "😍", "👍"]),
        ("bad<br/>very &amp;lt;3 bad&gt; &hearts;", ["bad", "very", "3", "bad", "♥"]),
        ("ＦＵＬＬ　width ﬁt", ["full", "width", "fit"]),
        ("naïve café Größe", ["naïve", "café", "größe"]),
        ("很好nice衣服", ["很", "好", "nice", "衣", "服"]),
        ("a < b and c > d", ["a", "b", "and", "c", "d"]),
        ("'quoted' rock'n'roll", ["quoted", "rock'n'roll"]),
        ("", []),
        (" \n\t—…", []),
        ("a\0b", ["a", "b"]),
    ],
)
def test_units(text, units):
    assert spelled(text) == units


def test_each_text_keeps_its_own_units():
    texts = ["one two", "", "<b three", "four> &", "amp; five", "6"]
    units = units_of(texts)
    alone = [spelled(text) for text in texts]
    together = [[] for _ in texts]
    for text, word in zip(units.texts, units.spelled(np.arange(len(units))), strict=True):
        together[text].append(word)
    assert together == alone
    assert units.n_texts == len(texts)


@given(some.lists(some.text(max_size=40), max_size=6))
def test_equal_words_and_only_those_have_equal_hashes(texts):
    units = units_of(texts)
    words = units.spelled(np.arange(len(units)))
    assert len(set(words)) == len(np.unique(units.hashes))
    assert all(re.fullmatch(r"\S+", word) for word in words)
    assert ((units.texts >= 0) & (units.texts < max(len(texts), 1))).all()
    assert cleaned(texts).count("\0") == len(texts)


def test_hashes_do_not_depend_on_what_stands_beside():
    assert units_of(["a good dress"]).hashes[1] == units_of(["x", "so good, so good"]).hashes[2]


def test_a_text_counts_up_to_its_millionth_character():
    units = units_of(["x" * 10, "ab " * 400_000])
    assert len(units) == 1 + LONGEST // 3 + 1


def test_chunks_hold_every_text_once():
    texts = ["x" * n for n in (5, 0, 30, 2, 2, 2, 0)]
    found = list(chunks(texts, size=8))
    assert [start for start, _ in found] == [0, 2, 3, 5]
    assert [one for _, piece in found for one in piece] == texts
    assert list(chunks([])) == []
