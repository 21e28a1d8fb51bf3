"""Generated reviews of any number, with planted copies and near copies."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

WORDS = 20_000
SHORTEST, LONGEST = 8, 48
COPIES = 0.1
"""Share of reviews that are made from one before."""
THRESHOLD = 0.9


def write(n: int, file: str) -> dict[int, int]:
    """Write `n` texts to a Parquet file, and return of each copy the text that it was made from."""
    texts, originals = planted(n)
    table = pa.table({"review_id": np.arange(n), "text": pa.array(texts)})
    pq.write_table(table, file)
    return originals


def planted(n: int) -> tuple[list[str], dict[int, int]]:
    """Return texts of words with a long tail, the last of which are copies of some before.

    A copy is spelled differently, has one word more or one other word, or three other words.
    """
    random = np.random.default_rng(7)
    kept = n - int(n * COPIES)
    shares = 1 / np.arange(1, WORDS + 1)
    lengths = random.integers(SHORTEST, LONGEST + 1, kept)
    words = random.choice(WORDS, lengths.sum(), p=shares / shares.sum()).tolist()
    ends = np.cumsum(lengths).tolist()
    starts = [0, *ends[:-1]]
    own = [[f"w{word}" for word in words[a:b]] for a, b in zip(starts, ends, strict=True)]
    chosen = random.integers(0, kept, n - kept).tolist()
    copies = [_copy(own[at], random) for at in chosen]
    return [" ".join(one) for one in own] + copies, dict(enumerate(chosen, kept))


def _copy(words: list[str], random: np.random.Generator) -> str:
    what = random.integers(4)
    if what == 0:
        return f"<p>{' '.join(words).upper()}!</p>"
    words = list(words)
    if what == 1:
        words.insert(random.integers(len(words) + 1), "extra")
    for _ in range({2: 1, 3: 3}.get(int(what), 0)):
        words[random.integers(len(words))] = f"w{random.integers(WORDS)}"
    return " ".join(words)


def similarity(one: str, other: str) -> float:
    """Return the Jaccard similarity of pairs of neighbouring words, calculated anew."""
    first, second = _pairs(one), _pairs(other)
    return len(first & second) / len(first | second)


def _pairs(text: str) -> set[tuple[str, str, int]]:
    plain = text.removeprefix("<p>").removesuffix("!</p>").lower().split()
    times: Counter[tuple[str, str]] = Counter()
    found = set()
    for pair in zip(["", *plain], [*plain, ""], strict=True):
        found.add((*pair, times[pair]))
        times[pair] += 1
    return found
