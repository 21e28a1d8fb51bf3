"""Near copies are those that comparing everything with everything finds."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest

from ecomsql import progress
from ecomsql.errors import Stopped
from ecomsql.features.shingles import SHORT, Shingles, shingles_of
from ecomsql.models import first_alike
from ecomsql.models import near_duplicates as module
from ecomsql.models.near_duplicates import near_duplicates
from ecomsql.models.partition_keys import partition_keys
from ecomsql.models.prefix_keys import prefix_keys
from ecomsql.models.set_overlap import Sets

THRESHOLDS = [0.5, 0.6, 2 / 3, 0.75, 0.8, 0.9, 0.95, 1.0]


def bag(text: str, size: int) -> set[object]:
    words = text.split()
    if len(words) < SHORT:
        return {tuple(words)} if words else set()
    row = [""] * (size - 1) + words + [""] * (size - 1)
    times: Counter[tuple[str, ...]] = Counter()
    found: set[object] = set()
    for at in range(len(row) - size + 1):
        shingle = tuple(row[at : at + size])
        found.add((shingle, times[shingle]))
        times[shingle] += 1
    return found


def jaccard(one: set[object], other: set[object]) -> float:
    return len(one & other) / len(one | other)


def expected(texts: list[str], size: int, threshold: float) -> list[tuple[int, int, float]]:
    """Compare each text with those before it that are no copies, one after the other."""
    bags = [bag(text, size) for text in texts]
    heads: list[int] = []
    found = []
    for at, mine in enumerate(bags):
        alike = (head for head in heads if mine and jaccard(mine, bags[head]) >= threshold)
        head = next(alike, None)
        if head is not None:
            found.append((at, head, jaccard(mine, bags[head])))
        elif mine:
            heads.append(at)
    return found


def told(texts: list[str], size: int, threshold: float) -> list[tuple[int, int, float]]:
    found = near_duplicates(shingles_of([texts], size=size, min_words=1), threshold)
    columns = (found.texts, found.originals, found.similarities)
    return list(zip(*(one.tolist() for one in columns), strict=True))


def made(rng: random.Random, n: int = 60) -> list[str]:
    """Return texts of which many are others with some words changed, left out or put in."""
    words = [f"w{at}" for at in range(rng.choice([2, 5, 20, 200]))]
    longest = rng.choice([5, 12, 40])
    texts: list[str] = []
    for _ in range(n):
        text = [rng.choice(words) for _ in range(rng.randint(0, longest))]
        if texts and rng.random() < 0.6:
            text = rng.choice(texts).split()
            for _ in range(rng.randint(0, 3)):
                at = rng.randint(0, len(text))
                text[at : at + rng.randint(0, 1)] = [rng.choice(words)] * rng.randint(0, 1)
        texts.append(" ".join(text))
    return texts


@pytest.mark.parametrize("threshold", THRESHOLDS)
@pytest.mark.parametrize("pairs", [1, 50, first_alike.PAIRS])
@pytest.mark.parametrize("few", [0, module.FEW, 10**9])
def test_same_as_comparing_all(threshold, pairs, few, monkeypatch):
    monkeypatch.setattr(first_alike, "PAIRS", pairs)
    monkeypatch.setattr(module, "FEW", few)
    rng = random.Random(f"{threshold} {pairs} {few}")
    for _ in range(12):
        texts, size = made(rng), rng.randint(1, 4)
        assert told(texts, size, threshold) == expected(texts, size, threshold)


@pytest.mark.parametrize("threshold", THRESHOLDS[:-1])
@pytest.mark.parametrize("by_rarity", [False, True])
def test_keys_miss_no_pair(threshold, by_rarity):
    rng = random.Random(7)
    for _ in range(10):
        texts = [text for text in made(rng) if text]
        shingles, bags = shingles_of([texts], size=2, min_words=1), [bag(one, 2) for one in texts]
        keys = (
            prefix_keys(Sets.of(shingles), threshold)
            if by_rarity
            else partition_keys(shingles, threshold)
        )
        pairs = {
            (keys.owners[before], keys.owners[at])
            for at in range(len(keys))
            for before in range(keys.starts[at], at)
            if keys.main[before] or keys.main[at]
        }
        assert len(keys) == 0 or keys.n_pairs >= len(pairs)
        for second, mine in enumerate(bags):
            for first in range(second):
                assert (first, second) in pairs or jaccard(mine, bags[first]) < threshold


def test_at_the_very_threshold():
    # 9 of 10, 4 of 5, 2 of 3 words: floating point must not lose them.
    for common, threshold in ((27, 0.9), (16, 0.8), (14, 2 / 3), (21, 0.7)):
        words = [f"w{at}" for at in range(common)]
        more = [f"x{at}" for at in range(round(common / threshold) - common)]
        texts = [" ".join(words), " ".join(words + more)]
        assert told(texts, 1, threshold) == [(1, 0, threshold)]


def test_first_of_several():
    # Like both of the first two, which are not alike enough themselves.
    one, other = [f"a{at}" for at in range(20)], [f"b{at}" for at in range(20)]
    texts = [" ".join(one + other[:8]), " ".join(other + one[:8]), " ".join(one + other)]
    assert [row[:2] for row in told(texts, 1, 0.6)] == [(2, 0)]


def test_no_chains():
    words = [f"w{at}" for at in range(60)]
    texts = [" ".join(words[at : at + 20]) for at in range(40)]
    found = told(texts, 1, 0.9)
    assert found == expected(texts, 1, 0.9)
    assert [row[1] for row in found] == [at for at in range(40) if at % 2 == 0]


def test_many_near_copies_of_one():
    base = [f"b{at}" for at in range(40)]
    texts = [" ".join([*base[: at % 40], f"n{at}", *base[at % 40 :]]) for at in range(20_000)]
    found = near_duplicates(shingles_of([texts], size=1, min_words=1), 0.9)
    assert found.texts.tolist() == list(range(1, 20_000))
    assert not found.originals.any()
    np.testing.assert_allclose(found.similarities, 40 / 42)


def test_a_phrase_that_all_share_is_no_copy():
    stock = "thank you very much for this and the fast delivery we will buy again soon"
    texts = [f"{stock} a{at} b{at * 7 % 5_000} c{at * 11 % 5_000} d{at}" for at in range(5_000)]
    assert not len(near_duplicates(shingles_of([texts], size=2, min_words=1), 0.9).texts)


@pytest.mark.parametrize("threshold", [0.5, 0.9, 0.9999999, 1.0])
def test_texts_of_a_million_characters(threshold):
    long = " ".join(f"{at}" for at in range(100_000))
    texts = [long, "short", long + " x", "", long, long.replace("500 ", "y ")]
    found = told(texts, 2, threshold)
    assert [row[:2] for row in found if row[2] == 1.0] == [(4, 0)]
    assert len(found) == (3 if threshold < 0.99 else 1)


def test_no_text():
    nothing = Shingles(np.zeros(0, dtype=np.uint64), np.zeros(1, dtype=np.int64))
    assert not len(near_duplicates(nothing, 0.9).texts)
    assert told(["", "", "!"], 2, 0.9) == []
    assert told(["good", "GOOD!", "", "good good"], 2, 0.5) == [(1, 0, 1.0)]


def test_stops_on_request():
    texts = shingles_of([["a b c d e f g h i j k"] * 3], size=1, min_words=1)
    progress.stop()
    try:
        with pytest.raises(Stopped):
            near_duplicates(texts, 0.9)
    finally:
        progress.resume()
