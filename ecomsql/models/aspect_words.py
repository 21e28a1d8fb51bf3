"""Which words speak of which aspect: the built-in ones, or those that the user names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ecomsql.errors import OptionError, listed
from ecomsql.features.phrase_table import PhraseTable
from ecomsql.features.text_units import Places, units_of
from ecomsql.models.lexicons import aspects_chinese, aspects_english, chinese_plain, english_plain
from ecomsql.models.lexicons.spelling import plural, spelled_out

BUILT_IN: Final = {
    name: spelled_out(words + "," + aspects_chinese.ASPECTS[name])
    for name, words in aspects_english.ASPECTS.items()
}
"""Each aspect that is known without being told, and its words in both languages."""

ALLOWED: Final = (
    f"a list of {listed(BUILT_IN)}, or of words of your own, or names with lists of words: "
    "{'battery': ['battery', 'charger', '电池']}"
)


@dataclass(frozen=True, slots=True, eq=False)
class AspectWords:
    """Aspects to look for and their words.

    Attributes
    ----------
    names : list of str
    table : PhraseTable
        Of every word once.
    offsets, aspects : int64 arrays, shapes (words + 1,) and (pairs,)
        Word i speaks of ``aspects[offsets[i]:offsets[i + 1]]``, places in `names`.
    """

    names: list[str]
    table: PhraseTable
    offsets: Places
    aspects: Places


def words_of(asked: Mapping[str, Sequence[str]]) -> AspectWords:
    """Return what finds the words of the aspects in `asked`.

    Of built-in words the longest counts: a plastic bag is packaging, not material. A word of the
    user's is found within a longer one too.
    """
    owners = _owners(asked)
    own = {at for at, (name, words) in enumerate(asked.items()) if BUILT_IN.get(name) is not words}
    if len(own) < len(asked):
        owners = {_key(one): list[int]() for one in _plain()} | owners
    _add_within(owners, own)
    sizes = [len(one) for one in owners.values()]
    return AspectWords(
        list(asked),
        PhraseTable(list(owners)),
        np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]),
        np.array([at for one in owners.values() for at in one], dtype=np.int64),
    )


def asked_aspects(given: Any) -> dict[str, list[str]]:
    """Return the aspects that a user asks for, each with its words.

    Parameters
    ----------
    given : None, str, list of str, or mapping of str to str or list of str
        None: all built-in ones. The name of a built-in one brings its words, whatever its case; any
        other word is looked for itself, in the plural too.

    Raises
    ------
    OptionError
        For anything else, and for a word without a letter, digit, ideograph or emoji.

    Examples
    --------
    >>> asked_aspects(["battery"])
    {'battery': ['battery', 'batteries']}
    >>> asked_aspects({"power": "电池"})
    {'power': ['电池']}
    """
    if given is None:
        return BUILT_IN
    if isinstance(given, Mapping):
        found = {name: _own(words, name) for name, words in given.items()}
    else:
        names = _texts(given, "aspects")
        lower = {name: name.strip().lower() for name in names}
        found = {
            lower[name] if lower[name] in BUILT_IN else name: BUILT_IN.get(lower[name])
            or _own(name, name)
            for name in names
        }
    if not found:
        raise OptionError(f"aspects is empty; take {ALLOWED}")
    return found


def _own(given: Any, name: str) -> list[str]:
    """Return the words of an aspect of the user's, each with its plural."""
    words = _texts(given, f"aspects, '{name}',")
    if given is None or not words:
        raise OptionError(f"aspect '{name}' has no words; give it a list of them")
    for word in words:
        if not len(units_of([word])):
            raise OptionError(f"there is nothing to look for in '{word}', of aspect '{name}'")
    return [form for one in words for form in dict.fromkeys((one, _plural(one)))]


def _texts(given: Any, what: str) -> list[str]:
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
        raise OptionError(f"{what} holds what is no text; take {ALLOWED}")
    return texts


def _plural(word: str) -> str:
    return plural(word) if word.isascii() and word[-1:].isalpha() else word


def _owners(asked: Mapping[str, Sequence[str]]) -> dict[str, list[int]]:
    """Return each word and the aspects that it speaks of."""
    owners: dict[str, list[int]] = {}
    for at, words in enumerate(asked.values()):
        for word in dict.fromkeys(_key(one) for one in words):
            owners.setdefault(word, []).append(at)
    return owners


def _add_within(owners: dict[str, list[int]], own: set[int]) -> None:
    """Let longer words speak of what the user's `own` words within them speak of."""
    inner = {word: own.intersection(found) for word, found in owners.items()}
    inner = {word: found for word, found in inner.items() if found}
    for longer, found in owners.items():
        for word, aspects in inner.items():
            if f" {word} " in f" {longer} ":
                found.extend(sorted(aspects.difference(found)))


def _plain() -> list[str]:
    return spelled_out(english_plain.PLAIN + chinese_plain.PLAIN)


def _key(word: str) -> str:
    """Return a word as texts are read, so that two spellings of one are one."""
    units = units_of([word])
    return " ".join(units.spelled(np.arange(len(units))))
