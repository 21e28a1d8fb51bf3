"""Sentiment of texts without any labels: words of praise and blame, and those that shift them.

Each phrase of the lexicon that a text holds has a valence. Degree words before it make it stronger
or weaker, a negation before it turns it around, a wish before it mutes it, and what follows a
"but" weighs more than what came before it in the sentence (Polanyi, Zaenen, 2006: contextual
valence shifters). People praise more easily than they blame, so that blame weighs more (Taboada,
Brooke, Tofiloski, Voll, Stede, 2011: lexicon-based methods for sentiment analysis).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.clause_breaks import CLAUSE, JOINED, SENTENCE, breaks_after
from ecomsql.features.text_units import Places, Units, chunks, units_of
from ecomsql.models.lexicon_entries import CONTRAST, DEGREE, NEGATION, OPINION, WISH, lexicon
from ecomsql.progress import track

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

BLAME_WEIGHT: Final = 1.2
"""How much more blame weighs than praise. Taboada et al. found 1.5; this lexicon has complaints
without a word of feeling too ("sent it back"), and more blame than praise."""

NEGATED_PRAISE: Final = -0.8
NEGATED_BLAME: Final = -0.5
"""What valences are multiplied by: "not good" is bad, "not bad" is half as good as good."""

MUTED: Final = 0.0
"""What a wish leaves of what is wished for."""

BEFORE_CONTRAST: Final = 0.6
AFTER_CONTRAST: Final = 1.4
REACH: Final = 4
"""Units, at most, between a negation, wish or degree and what it shifts."""
LOOK_BACK: Final = 3
"""Marks before a phrase that may shift it."""
DOUBT: Final = 3.0
"""Valence that a text without any opinion is taken to have had on either side."""


def lexicon_scores(texts: Sequence[str]) -> Floats:
    """Return how good what each text says is, from -1 to 1; 0 for one without any known word.

    With P the praise in a text and N its blame, each a sum of valences, the score is
    ``(P - 1.2 N) / (P + 1.2 N + 3)``: it does not depend on other texts, and on the length of this
    one only as far as a long text is surer.

    Parameters
    ----------
    texts : sequence of str

    Returns
    -------
    float64 array, shape (texts,)

    Examples
    --------
    >>> lexicon_scores(["Lovely, but far too small", "不错，很好吃", "a table"]).round(2).tolist()
    [-0.42, 0.78, 0.0]
    """
    scores = np.zeros(len(texts))
    for start, some in track(chunks(texts), "sentiment"):
        scores[start : start + len(some)] = _scores(units_of(some))
    return scores


@dataclass(frozen=True, slots=True, eq=False)
class _Marks:
    """The phrases found, with what they do and where they stand."""

    roles: NDArray[np.uint8]
    valences: Floats
    degrees: Floats
    starts: Places
    ends: Places
    clauses: Places
    sentences: Places
    texts: Places

    def __len__(self) -> int:
        return len(self.roles)


def _scores(units: Units) -> Floats:
    marks = _marks(units)
    values = _shifted(marks) * _weights(marks)
    n = units.n_texts
    praise = np.bincount(marks.texts, np.maximum(values, 0.0), minlength=n)
    blame = BLAME_WEIGHT * np.bincount(marks.texts, np.maximum(-values, 0.0), minlength=n)
    scores: Floats = (praise - blame) / (praise + blame + DOUBT)
    return scores


def _marks(units: Units) -> _Marks:
    ends = breaks_after(units)
    words = lexicon()
    found = words.table.found(units, ends == JOINED)
    found = found.only((words.roles != OPINION) | (words.valences != 0.0))
    clauses = np.cumsum(ends >= CLAUSE) - (ends >= CLAUSE)
    sentences = np.cumsum(ends == SENTENCE) - (ends == SENTENCE)
    return _Marks(
        words.roles[found.phrases],
        words.valences[found.phrases],
        words.degrees[found.phrases],
        found.starts,
        found.ends,
        clauses[found.starts],
        sentences[found.starts],
        units.texts[found.starts],
    )


def _shifted(marks: _Marks) -> Floats:
    """Return valences as they are meant; 0 of what only shifted another."""
    factors = np.ones(len(marks))
    negated, muted = np.zeros((2, len(marks)), dtype=np.bool_)
    used = np.zeros(len(marks), dtype=np.bool_)
    open_ = marks.valences != 0.0
    for back in range(1, min(LOOK_BACK, len(marks) - 1) + 1):
        here, there = np.arange(back, len(marks)), np.arange(len(marks) - back)
        near = marks.clauses[here] == marks.clauses[there]
        near &= marks.starts[here] - marks.ends[there] <= REACH
        near &= open_[here]
        role = marks.roles[there]
        told = near & (role == DEGREE) & (marks.roles[here] != NEGATION)
        factors[here[told]] *= marks.degrees[there[told]]
        used[there[told]] = True
        turned = near & (role == NEGATION) & (marks.roles[here] == OPINION)
        negated[here[turned]] ^= True
        used[there[turned]] = True
        wished = near & (role == WISH) & (marks.roles[here] == OPINION)
        muted[here[wished]] = True
        open_[here[~near | (role == OPINION)]] = False
    turn = np.where(marks.valences > 0.0, NEGATED_PRAISE, NEGATED_BLAME)
    values = marks.valences * np.where(negated, turn, factors)
    values[muted] *= MUTED
    values[used] = 0.0
    return values


def _weights(marks: _Marks) -> Floats:
    """Return weights by contrast: less before the last "but" of a sentence, more after it."""
    weights = np.ones(len(marks))
    if not len(marks):
        return weights
    places = np.arange(len(marks))
    contrasts = np.flatnonzero(marks.roles == CONTRAST)
    last = np.full(int(marks.sentences[-1]) + 1, -1)
    last[marks.sentences[contrasts]] = contrasts
    at = last[marks.sentences]
    weights[places < at] = BEFORE_CONTRAST
    weights[(places > at) & (at >= 0)] = AFTER_CONTRAST
    return weights
