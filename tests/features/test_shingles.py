"""Shingles of texts, whatever stands beside them."""

from __future__ import annotations

import numpy as np
import pytest

from ecomsql.features.shingles import SHORT, shingles_of
from ecomsql.features.text_clean import LONGEST

WORDS = "one two three four five six seven eight"


def hashes(text: str, size: int = 2, min_words: int = 1) -> list[int]:
    return shingles_of([[text]], size=size, min_words=min_words).hashes.tolist()


@pytest.mark.parametrize(("size", "n"), [(1, 8), (2, 9), (3, 10), (10, 17)])
def test_a_text_has_one_shingle_for_each_word_and_edge(size, n):
    assert len(set(hashes(WORDS, size))) == n


@pytest.mark.parametrize(
    "other",
    [
        WORDS.upper(),
        f"<p>{WORDS}!</p>",
        WORDS.replace(" ", ", "),
        WORDS.replace("two", "two 👍🏽"),
        WORDS.replace("o", "ｏ"),
    ],
)
def test_spelling_does_not_matter(other):
    assert hashes(other) == hashes(WORDS)


@pytest.mark.parametrize(
    ("one", "other"), [("好评", "评好"), ("good", "good good"), ("a b", "b a"), ("a b a", "b a b")]
)
def test_short_texts_have_a_shingle_for_themselves(one, other):
    assert len(hashes(one)) == len(hashes(other)) == 1
    assert hashes(one) != hashes(other)


@pytest.mark.parametrize("text", ["", "!!! ...", "👍👍👍", "<br/>", "\0"])
def test_texts_without_a_word_have_none(text):
    assert hashes(text) == []


def test_shorter_texts_than_asked_for_have_none():
    assert hashes("很好很好", min_words=5) == []
    assert len(hashes("很好很好吃", min_words=5)) == 1


def test_order_matters_but_for_single_words():
    turned = " ".join(reversed(WORDS.split()))
    assert not set(hashes(WORDS)) & set(hashes(turned))
    assert hashes(WORDS, 1) == hashes(turned, 1)


def test_what_comes_again_counts_again():
    found = [hashes("very " * n + WORDS) for n in (SHORT, SHORT + 1)]
    assert [len(set(one)) for one in found] == [2 * SHORT + 1, 2 * SHORT + 2]
    assert set(found[0]) < set(found[1])


def test_pieces_and_neighbours_do_not_matter():
    texts = [WORDS, "", "short", WORDS + " nine", "x " * LONGEST, "好" * 20]
    together = shingles_of([texts], size=3, min_words=1)
    apart = shingles_of([[one] for one in texts], size=3, min_words=1)
    np.testing.assert_array_equal(together.hashes, apart.hashes)
    np.testing.assert_array_equal(together.offsets, apart.offsets)
    some = together.take(np.array([3, 1, 0]))
    assert some.hashes.tolist() == hashes(texts[3], 3) + hashes(WORDS, 3)
    assert some.sizes.tolist() == [11, 0, 10]


@pytest.mark.parametrize("pieces", [[], [[]], [[""], []]])
def test_no_text(pieces):
    found = shingles_of(pieces, size=2, min_words=1)
    assert not len(found.hashes)
    assert found.sizes.tolist() == [0] * sum(len(one) for one in pieces)
