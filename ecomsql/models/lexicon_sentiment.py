"""Sentiment of texts without any labels, from words of praise and blame and what shifts them.

People praise more easily than they blame, so that blame weighs more (Taboada, Brooke, Tofiloski,
Voll, Stede, 2011: lexicon-based methods for sentiment analysis).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ecomsql.features.text_units import Units, chunks, units_of
from ecomsql.models.lexicon_marks import Floats, marks_of
from ecomsql.models.valence_shifters import contrasted, shifted
from ecomsql.progress import track

BLAME_WEIGHT: Final = 1.2
"""How much more blame weighs than praise. Taboada et al. found 1.5; this lexicon has complaints
without a word of feeling too ("sent it back"), and more blame than praise."""

DOUBT: Final = 3.0
"""What is added to praise and blame of a text before its balance counts: one clear word."""

NEUTRAL: Final = 0.1
"""Scores from -0.1 to 0.1 are neutral."""

SENTIMENTS: Final = ("negative", "neutral", "positive")


def lexicon_scores(texts: Sequence[str]) -> Floats:
    """Return how good what each text says is, from -1 to 1; 0 for one without any known word.

    With P the praise in a text and N its blame, each a sum of valences, the score is
    ``(P - 1.2 N) / (P + 1.2 N + 3)``: it does not depend on other texts, and on the length of this
    one only as far as a long text is surer.

    Parameters
    ----------
    texts : sequence of str
        English, Chinese or both; any length. HTML and case do not matter.

    Returns
    -------
    float64 array, shape (texts,)

    Raises
    ------
    Stopped
        If the user asked for the work to end.

    Examples
    --------
    >>> lexicon_scores(["Lovely, but far too small", "不错，很好吃", "a table"]).round(2).tolist()
    [-0.34, 0.68, 0.0]
    """
    scores = np.zeros(len(texts))
    for start, some in track(chunks(texts), "sentiment"):
        scores[start : start + len(some)] = scores_of(units_of(some))
    return scores


def scores_of(units: Units) -> Floats:
    """Return the score of each text, of its units; see :func:`lexicon_scores`."""
    marks = marks_of(units)
    values = shifted(marks) * contrasted(marks)
    n = units.n_texts
    praise = np.bincount(marks.texts, np.maximum(values, 0.0), minlength=n)
    blame = BLAME_WEIGHT * np.bincount(marks.texts, np.maximum(-values, 0.0), minlength=n)
    scores: Floats = (praise - blame) / (praise + blame + DOUBT)
    return scores


def sentiment_codes(scores: Floats) -> NDArray[np.int64]:
    """Return the place in SENTIMENTS of each score: below -0.1, up to 0.1, above.

    Examples
    --------
    >>> [SENTIMENTS[code] for code in sentiment_codes(np.array([-0.5, 0.1, 0.2]))]
    ['negative', 'neutral', 'positive']
    """
    return 1 + np.sign(scores).astype(np.int64) * (np.abs(scores) > NEUTRAL)
