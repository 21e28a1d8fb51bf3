"""Aspects are found by their words, in either language."""

from __future__ import annotations

import pytest

from ecomsql.errors import OptionError
from ecomsql.models.aspect_words import BUILT_IN, asked_aspects, words_of
from ecomsql.models.lexicons import aspects_chinese, aspects_english
from ecomsql.models.review_aspects import mentions_of


def found(text: str, aspects: object = None) -> list[str]:
    words = words_of(asked_aspects(aspects))
    return [words.names[at] for at in mentions_of([text], words).aspects]


def test_every_aspect_has_words_of_both_languages():
    assert list(aspects_english.ASPECTS) == list(aspects_chinese.ASPECTS)
    for words in BUILT_IN.values():
        assert sum(one.isascii() for one in words) > 10
        assert sum(not one.isascii() for one in words) > 10


@pytest.mark.parametrize(
    ("text", "aspects"),
    [
        ("The sleeves are too long", ["size_fit"]),
        ("塑料袋破了", ["packaging", "quality"]),
        ("酸奶和油条", []),
        ("衣服不合身", ["size_fit"]),
        ("Smells odd", ["scent"]),
        ("电池续航很好", ["performance"]),
        ("Easy to install", ["usability"]),
        ("与图片不符", ["description"]),
        ("有头发", ["hygiene"]),
        ("客服没人理", ["service"]),
        ("a cup", []),
        ("", []),
    ],
)
def test_built_in(text, aspects):
    assert found(text) == aspects


def test_words_of_the_users_are_found_within_built_in_ones():
    assert found("Battery life", ["battery", "performance"]) == ["performance", "battery"]
    assert found("酱油不错", ["酱油"]) == ["酱油"]
    assert found("酱油不错", ["taste"]) == []
    assert found("酱油不错", ["油"]) == ["油"]


def test_words_may_speak_of_two_aspects():
    assert found("a cord", {"cable": ["cord"], "look": ["Cord", "colour"]}) == ["cable", "look"]


def test_texts_keep_their_places_over_chunks():
    texts = ["price " + "x " * 400_000] * 3 + ["", "too small"]
    mentions = mentions_of(texts, words_of(asked_aspects(None)))
    assert mentions.texts.tolist() == [0, 1, 2, 4]
    assert not len(mentions_of([], words_of(asked_aspects(None))))


@pytest.mark.parametrize(
    "given", [[], {}, 1, True, [1], ["a", None], ["."], {"a": []}, {"a": None}]
)
def test_wrong(given):
    with pytest.raises(OptionError):
        asked_aspects(given)
