"""Runs one contestant that learns from labels, in a process of its own.

``python -m benchmarks.reviews.learned DATASET CONTESTANT`` prints one line of JSON, of the test
part.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable

import numpy as np
from sklearn.metrics import accuracy_score, log_loss, roc_auc_score

from benchmarks.reviews.data import REVIEWS

Learner = Callable[[list[str], np.ndarray], Callable[[list[str]], np.ndarray]]


def main() -> None:
    """Load, learn, score what was held out, measure."""
    name, contestant = sys.argv[1:3]
    reviews = REVIEWS[name][0]()
    known, held = reviews.part(test=False), reviews.part(test=True)
    learner = CONTESTANTS.get(contestant) or ours(contestant)
    begun, before = time.perf_counter(), time.process_time()
    told = learner(*known)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - before
    begun = time.perf_counter()
    chances = told(held[0])
    figures = {
        "accuracy": float(accuracy_score(held[1], chances > 0.5)),
        "auc": float(roc_auc_score(held[1], chances)),
        "log_loss": float(log_loss(held[1], np.clip(chances, 1e-6, 1 - 1e-6))),
        "rows_a_second": len(held[0]) / (time.perf_counter() - begun),
        "total_s": seconds,
        "cpu_s": cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(figures))


def ours(method: str) -> Learner:
    """Return what train_sentiment does with `method`."""
    from ecomsql.models.sentiment_fitting import fit_sentiment

    def learn(texts: list[str], good: np.ndarray) -> Callable[[list[str]], np.ndarray]:
        model = fit_sentiment(method, texts, 2 * good.astype(np.int64), seed=42)
        return lambda some: model.probabilities(some)[:, 1]

    return learn


def naive(texts: list[str], good: np.ndarray) -> Callable[[list[str]], np.ndarray]:
    """Say of every review what most are."""
    return lambda some: np.full(len(some), good.mean())


def bayes(texts: list[str], good: np.ndarray) -> Callable[[list[str]], np.ndarray]:
    """Use scikit-learn's naive Bayes on counts of words; of characters for Chinese."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.naive_bayes import MultinomialNB
    from sklearn.pipeline import make_pipeline

    analyzer = "word" if texts[0].isascii() else "char"
    model = make_pipeline(CountVectorizer(analyzer=analyzer), MultinomialNB()).fit(texts, good)
    return lambda some: model.predict_proba(some)[:, 1]


def logistic(texts: list[str], good: np.ndarray) -> Callable[[list[str]], np.ndarray]:
    """Use scikit-learn's TF-IDF and logistic regression, its penalty chosen by three folds."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline

    analyzer, grams = ("word", (1, 2)) if texts[0].isascii() else ("char", (1, 3))
    inputs = TfidfVectorizer(analyzer=analyzer, ngram_range=grams, min_df=2, sublinear_tf=True)
    pipeline = make_pipeline(inputs, LogisticRegression(max_iter=1000))
    grid = {"logisticregression__C": [1.0, 3.0, 10.0]}
    model = GridSearchCV(pipeline, grid, cv=3, scoring="neg_log_loss").fit(texts, good)
    return lambda some: model.predict_proba(some)[:, 1]


CONTESTANTS: dict[str, Learner] = {
    "naive": naive,
    "sklearn_bayes": bayes,
    "sklearn_logistic": logistic,
}


if __name__ == "__main__":
    main()
