"""Terms that can tell what texts are about."""

from __future__ import annotations

import numpy as np

from ecomsql.features.spelled_terms import spelled_terms


def test_terms_are_spelled_and_counted():
    vocabulary, spelling, counts = spelled_terms(["The coat, a WARM coat 42", "", "cold coat 👍"])
    assert sorted(spelling) == ["coat", "cold", "warm", "👍"]
    by_word = dict(zip(spelling, counts.toarray().T.tolist(), strict=True))
    assert by_word == {"coat": [2, 0, 1], "warm": [1, 0, 0], "cold": [0, 0, 1], "👍": [0, 0, 1]}
    assert (vocabulary.counts(["The coat, a WARM coat 42"]) != counts[:1]).nnz == 0
    assert (np.diff(vocabulary.hashes.astype(object)) > 0).all()


def test_rare_and_common_terms_are_left_out_of_many_texts():
    texts = [
        f"coat {['red', 'blue', 'green'][i % 3]} {'once' if i == 7 else 'v' * (i % 9)}"
        for i in range(90)
    ]
    _, spelling, _ = spelled_terms(texts)
    assert {"red", "blue", "green"} <= set(spelling)
    assert "coat" not in spelling
    assert "once" not in spelling


def test_pairs_between_chinese_words_fall():
    texts = ["味道一般", "味道好吃", "服务一般", "服务周到", "好吃一般"]
    _, spelling, _ = spelled_terms(texts)
    assert {"味道", "一般", "服务", "好吃", "周到"} <= set(spelling)
    assert not {"道一", "务一", "道好", "吃一"} & set(spelling)


def test_no_text_has_no_term():
    for texts in ([], [""], ["?!", "the"]):
        vocabulary, spelling, counts = spelled_terms(texts)
        assert (len(vocabulary), spelling, counts.shape) == (0, [], (len(texts), 0))
