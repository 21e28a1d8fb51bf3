"""Documents of known topics."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

TOPICS, OWN, COMMON = 5, 12, 10
WORDS = TOPICS * OWN + COMMON


def planted(
    documents: int = 400, *, seed: int = 0, length: float = 40.0
) -> tuple[csr_matrix, np.ndarray, np.ndarray]:
    """Return counts, (documents, WORDS), the topics, (TOPICS, WORDS), and documents' mixtures.

    Each topic has words of its own, three quarters of it, and shares the others with all.
    """
    rng = np.random.default_rng(seed)
    topics = np.zeros((TOPICS, WORDS))
    for topic in range(TOPICS):
        topics[topic, topic * OWN : (topic + 1) * OWN] = 0.75 * rng.dirichlet(np.full(OWN, 5.0))
        topics[topic, -COMMON:] = 0.25 / COMMON
    mixtures = rng.dirichlet(np.full(TOPICS, 0.2), documents)
    counts = rng.poisson(length * (mixtures @ topics)).astype(np.float32)
    return csr_matrix(counts), topics, mixtures


def matched(words: np.ndarray, topics: np.ndarray) -> np.ndarray:
    """Return for each planted topic the found one that is most like it."""
    alike = [[np.minimum(one, other).sum() for other in words] for one in topics]
    return np.argmax(alike, axis=1)
