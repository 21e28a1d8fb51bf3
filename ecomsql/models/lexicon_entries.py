"""The built-in lexicon, ready to be found in texts: each phrase's valence and what else it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.phrase_table import PhraseTable
from ecomsql.models.lexicons import (
    chinese_blame,
    chinese_goods,
    chinese_plain,
    chinese_praise,
    chinese_shifters,
    emoji,
    english_blame,
    english_goods,
    english_plain,
    english_praise,
    english_shifters,
)
from ecomsql.models.lexicons.spelling import spelled_out

OPINION: Final = 0
NEGATION: Final = 1
DEGREE: Final = 2
CONTRAST: Final = 3
WISH: Final = 4

BARE_NEGATION: Final = -1.0
"""Valence of a negation of no known word: "it did not arrive" is a complaint."""

BARE_WISH: Final = -1.5
"""Valence of a wish: what is wished for is not there."""

OPINIONS = (
    *(english_goods.OPINIONS, english_praise.PRAISE, english_blame.BLAME),
    *(chinese_goods.OPINIONS, chinese_praise.PRAISE, chinese_blame.BLAME),
    {value: text.replace(" ", ",") for value, text in emoji.PICTURES.items()},
)


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Phrases and what they do.

    Attributes
    ----------
    table : PhraseTable
    roles : uint8 array, shape (phrases,)
        OPINION, or what the phrase does to others.
    valences : float64 array, shape (phrases,)
        From -4, the strongest blame, to 4, the strongest praise; of a phrase with another role,
        what it says where it does nothing to another.
    degrees : float64 array, shape (phrases,)
        What the valence of the word after it is multiplied by.
    """

    table: PhraseTable
    roles: NDArray[np.uint8]
    valences: NDArray[np.float64]
    degrees: NDArray[np.float64]


@cache
def lexicon() -> Lexicon:
    """Return the built-in lexicon, made once."""
    valences, roles, degrees = opinions(), dict[str, int](), dict[str, float]()
    for shifters in (english_shifters, chinese_shifters):
        degrees |= levels(shifters.DEGREES)
        roles |= dict.fromkeys(levels(shifters.DEGREES), DEGREE)
        roles |= dict.fromkeys(spelled_out(shifters.CONTRASTS), CONTRAST)
        roles |= dict.fromkeys(spelled_out(shifters.WISHES), WISH)
        roles |= dict.fromkeys(spelled_out(shifters.NEGATIONS), NEGATION)
    bare = {NEGATION: BARE_NEGATION, WISH: BARE_WISH}
    phrases = list(dict.fromkeys([*valences, *roles]))
    return Lexicon(
        PhraseTable(phrases),
        np.array([roles.get(one, OPINION) for one in phrases], dtype=np.uint8),
        np.array([valences.get(one, bare.get(roles.get(one, -1), 0.0)) for one in phrases]),
        np.array([degrees.get(one, 1.0) for one in phrases]),
    )


def opinions() -> dict[str, float]:
    """Return every phrase of praise or blame and its valence, and plain ones with 0."""
    plain = spelled_out(english_plain.PLAIN) + spelled_out(chinese_plain.PLAIN)
    found = dict.fromkeys(plain, 0.0)
    for words in OPINIONS:
        found = levels(words) | found
    return found


def levels(words: Mapping[float, str]) -> dict[str, float]:
    """Return phrases and the level of each; of one in two, the first."""
    pairs = [(one, level) for level, text in words.items() for one in spelled_out(text)]
    return dict(reversed(pairs))
