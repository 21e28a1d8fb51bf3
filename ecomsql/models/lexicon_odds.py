"""What the lexicon says of texts, as log-odds, for a blend with what was learned."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ecomsql.models.lexicon_sentiment import lexicon_scores
from ecomsql.models.text_classifier import Scores

SUREST = 0.99
"""Score up to which the lexicon is believed."""


def lexicon_odds(texts: Sequence[str], outputs: int) -> Scores:
    """Return log-odds by the lexicon alone, shape (texts, outputs).

    A score `s` stands for a probability of ``(1 + s) / 2``. Of three outputs, negative, neutral and
    positive, the first is the opposite of the last, and the second is less the clearer a text is.

    Examples
    --------
    >>> lexicon_odds(["lovely", "a table"], 1).round(2).tolist()
    [[1.1], [0.0]]
    >>> lexicon_odds(["awful"], 3).round(2).tolist()
    [[1.44, -1.44, -1.44]]
    """
    found = np.clip(lexicon_scores(texts), -SUREST, SUREST)
    odds = np.log((1 + found) / (1 - found))
    if outputs == 1:
        return odds[:, None]
    return np.stack([-odds, -np.abs(odds), odds], axis=1)
