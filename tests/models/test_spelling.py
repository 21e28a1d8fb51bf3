"""Lists of words and their forms."""

from __future__ import annotations

import pytest

from ecomsql.models.lexicons.spelling import plural, spelled_out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rip/v", "rip rips ripped ripping"),
        ("love/v", "love loves loved loving"),
        ("annoy/v", "annoy annoys annoyed annoying"),
        ("worry/v", "worry worries worried worrying"),
        ("agree/v", "agree agrees agreed agreeing"),
        ("fail/v", "fail fails failed failing"),
        ("box/n", "box boxes"),
        ("big/a", "big bigger biggest bigly"),
        ("itchy/a", "itchy itchier itchiest itchily"),
        ("gentle/a", "gentle gentler gentlest gently"),
        ("很(好|香),，", "很好 很香 ，"),
    ],
)
def test_forms(text, expected):
    assert spelled_out(text) == expected.split()


def test_forms_are_of_the_first_word_of_a_verb_and_alternatives_multiply():
    assert spelled_out("ship/v back") == [
        "ship back",
        "ships back",
        "shipped back",
        "shipping back",
    ]
    assert spelled_out("(a|) (b|c)") == ["a b", "a c", "b", "c"]
    assert spelled_out("a,\n a, b") == ["a", "b"]


@pytest.mark.parametrize("pair", ["battery batteries", "toy toys", "dress dresses", "strap straps"])
def test_plural(pair):
    word, more = pair.split()
    assert plural(word) == more
