"""How lists of words are written: alternatives in brackets, marks for a word's other forms."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

_CHOICE = re.compile(r"\(([^()]*)\)")
_VOWELS = "aeiou"


def spelled_out(text: str) -> list[str]:
    """Return the phrases of a list, each once, in order.

    Commas and lines stand between phrases. ``(a|b)`` is one or the other, ``(a|)`` a or nothing. A
    mark at the end stands for other forms: ``/v`` of the first word as a regular verb (-s, -ed,
    -ing), ``/n`` of the last word as a noun (plural), ``/a`` of the last word as an adjective (-er,
    -est, -ly).

    Examples
    --------
    >>> spelled_out("rip/v off, (so|too) big, itchy/a, box/n")[:4]
    ['rip off', 'rips off', 'ripped off', 'ripping off']
    >>> spelled_out("(so|too) big, itchy/a, box/n")
    ['so big', 'too big', 'itchy', 'itchier', 'itchiest', 'itchily', 'box', 'boxes']
    """
    phrases = (one.strip() for one in re.split(r"[,\n]", text))
    forms = (form for one in phrases if one for choice in _choices(one) for form in _forms(choice))
    return list(dict.fromkeys(forms))


def plural(word: str) -> str:
    """Return the regular plural of an English noun; also the third person of a verb."""
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + ("es" if re.search(r"(s|x|z|ch|sh|[^aeiou]o)$", word) else "s")


def _choices(phrase: str) -> Iterator[str]:
    """Yield the phrase with each choice of its alternatives."""
    parts = _CHOICE.split(phrase)
    options = [one.split("|") if at % 2 else [one] for at, one in enumerate(parts)]
    for chosen in itertools.product(*options):
        yield re.sub(r" {2,}", " ", "".join(chosen)).strip()


def _forms(phrase: str) -> list[str]:
    word, _, mark = phrase.partition("/")
    if not mark:
        return [word]
    if mark.startswith("v"):
        first, rest = re.match(r"([^ ]+)(.*)", word + mark[1:]).groups()  # type: ignore[union-attr]
        return [form + rest for form in _of_verb(first)]
    return [word, plural(word)] if mark == "n" else _of_adjective(word)


def _of_verb(word: str) -> list[str]:
    stem = word + word[-1] if _doubles(word) else word
    past = stem[:-1] + "ied" if re.search(r"[^aeiou]y$", stem) else stem + "ed"
    going = stem + "ing"
    if word.endswith("e"):
        past = word + "d"
        going = word + "ing" if word.endswith(("ee", "ye", "oe")) else word[:-1] + "ing"
    return [word, plural(word), past, going]


def _of_adjective(word: str) -> list[str]:
    stem = word + word[-1] if _doubles(word) else word
    stem = word[:-1] + "i" if re.search(r"[^aeiou]y$", word) else stem
    if word.endswith("e"):
        lately = word[:-1] + "y" if word.endswith("le") else word + "ly"
        return [word, word + "r", word + "st", lately]
    adverb = (word[:-1] + "i" if stem.endswith("i") else word) + "ly"
    return [word, stem + "er", stem + "est", adverb]


def _doubles(word: str) -> bool:
    """Return whether the last letter is doubled: one syllable that ends in one vowel, one other."""
    single = sum(a in _VOWELS and b not in _VOWELS for a, b in itertools.pairwise(word)) == 1
    return single and bool(re.search(r"[^aeiou][aeiou][bdgklmnprt]$", word))
