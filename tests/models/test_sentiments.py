"""Every classifier of texts: what it learns, storage, damage; the blend and its honesty."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from ecomsql.errors import DataError, ModelError
from ecomsql.features.opinion_labels import opinions
from ecomsql.features.text_counts import counted_terms
from ecomsql.features.tf_idf import inverse_frequencies, weighted, with_unit_rows
from ecomsql.models import sentiments
from ecomsql.models.sentiment_fitting import fit_sentiment
from ecomsql.models.sentiment_model import SentimentModel
from ecomsql.models.sparse_logistic import fit_logistic
from ecomsql.models.target import Target
from ecomsql.models.text_sentiment import by_model
from ecomsql.storage import StoredModel, from_blob, to_blob

every_method = pytest.mark.parametrize("method", sentiments.methods())

PRAISE, BLAME, OTHER = (
    "zips wears roses sturdy".split(),
    "broke apart glue crooked".split(),
    "bag monday blue two straps".split(),
)


def reviews(n: int = 150, seed: int = 3, classes: int = 2) -> tuple[list[str], np.ndarray]:
    """Return texts with words of praise, blame or neither, and opinions, one in ten wrong."""
    random = np.random.default_rng(seed)
    labels = random.choice([0, 2] if classes == 2 else [0, 1, 2], n)
    said = [BLAME, OTHER, PRAISE]
    texts = [
        " ".join([*random.choice(said[label], 2), *random.choice(OTHER, 3), str(at)])
        for at, label in enumerate(labels)
    ]
    noise = random.random(n) < 0.1
    return texts, np.where(noise, random.permutation(labels), labels)


@every_method
@pytest.mark.parametrize("classes", [2, 3])
def test_learns_and_tells_apart_what_it_has_not_seen(method, classes):
    model = fit_sentiment(method, *reviews(300, classes=classes), seed=1)
    texts, _ = reviews(n=90, seed=9, classes=classes)
    clean = np.array(
        [
            2 if any(w in t for w in PRAISE) else 0 if any(w in t for w in BLAME) else 1
            for t in texts
        ]
    )
    codes, scores = by_model(model, texts)
    assert (codes == clean).mean() > 0.9
    assert np.abs(scores).max() <= 1
    assert model.metrics["validation"]["accuracy"] > 0.7


@every_method
def test_a_stored_model_answers_the_same(method):
    model = fit_sentiment(method, *reviews(), seed=1)
    again = SentimentModel.restored(from_blob(to_blob(model.stored()), tasks=("sentiment",)))
    texts = reviews(seed=5)[0]
    assert (again.probabilities(texts) == model.probabilities(texts)).all()
    assert again.method == method
    assert model.nbytes > 0


@every_method
def test_damaged_models_are_errors(method):
    whole = fit_sentiment(method, *reviews(), seed=1).stored()
    for name in whole.arrays:
        less = {key: one for key, one in whole.arrays.items() if key != name}
        cut = {**whole.arrays, name: whole.arrays[name][:-1]}
        broken = {**whole.arrays, name: np.full_like(whole.arrays[name], np.nan, dtype=np.float64)}
        for arrays in (less, cut, broken):
            with pytest.raises(ModelError):
                SentimentModel.restored(StoredModel("sentiment", method, arrays, whole.values))


def test_the_order_of_rows_does_not_matter():
    texts, labels = reviews()
    one = fit_sentiment("auto", texts, labels, seed=1)
    other = fit_sentiment("auto", texts[::-1], labels[::-1], seed=1)
    assert (one.probabilities(texts) == other.probabilities(texts)).all()


def test_the_lexicon_is_heard_where_it_helps():
    random = np.random.default_rng(1)
    said = [["awful", "terrible", "disappointing"], ["lovely", "wonderful", "excellent"]]
    labels = random.integers(0, 2, 200)
    # Every word of opinion but one is new in each review: there is little to learn.
    texts = [f"{random.choice(said[label])} {random.integers(1e9)}" for label in labels]
    model = fit_sentiment("auto", texts, 2 * labels, seed=1)
    assert model.metrics["weights"]["lexicon"] > 0
    again = SentimentModel.restored(from_blob(to_blob(model.stored()), tasks=("sentiment",)))
    fresh = ["superb", "horrible"]
    assert by_model(again, fresh)[0].tolist() == [2, 0]


def test_held_out_figures_do_not_see_the_labels_they_are_measured_on():
    # Every text has a word of its own: whoever saw its label would know it, nobody else can.
    random = np.random.default_rng(2)
    labels = 2 * random.integers(0, 2, 300)
    texts = [f"own{at} own{at}x" for at in range(300)]
    model = fit_sentiment("auto", texts, labels, seed=1)
    assert abs(model.metrics["validation"]["auc"] - 0.5) < 0.12
    told = by_model(fit_sentiment("linear", texts, labels, seed=1), texts)[0]
    assert (told == labels).mean() > 0.75


def test_logistic_regression_is_that_of_scikit_learn():
    for classes in (2, 3):
        texts, labels = reviews(classes=classes)
        _, counts = counted_terms(texts, words=1, ideographs=1)
        inputs = with_unit_rows(weighted(counts, inverse_frequencies(counts)))
        target = Target(np.unique(labels, return_inverse=True)[1].astype(float), classes)
        ours = fit_logistic(inputs, target, 0.5)
        peer = LogisticRegression(C=2.0, tol=1e-8, max_iter=1000).fit(inputs, target.codes)
        assert np.abs(ours[:-1] - peer.coef_.T).max() < 0.05


@pytest.mark.parametrize(
    ("labels", "codes"),
    [
        (["1", "2", "3", "4", "5"], [0, 0, 1, 2, 2]),
        (["2", "7", "10", "5"], [0, 2, 2, 1]),
        (["90", "30", "50"], [2, 0, 1]),
        (["0", "1", None], [0, 2, -1]),
        (["-1", "0", "1"], [0, 1, 2]),
        (["true", "False"], [2, 0]),
        (["好评", "差评", "中评"], [2, 0, 1]),
        (["4.5", "0.5"], [2, 0]),
        ([None], [-1]),
        ([], []),
    ],
)
def test_labels(labels, codes):
    assert opinions(labels, column="x").tolist() == codes


@pytest.mark.parametrize(
    "labels", [["great"], ["5", "x"], ["-3", "2"], ["1000"], ["nan"], ["inf", "1"]]
)
def test_labels_that_are_none(labels):
    with pytest.raises(DataError, match="neither a rating nor a label"):
        opinions(labels, column="x")


def test_labels_are_no_ratings():
    assert opinions(["1", "0"], column="x", rated=False).tolist() == [2, 0]
    with pytest.raises(DataError, match="rating_col"):
        opinions(["1", "5"], column="x", rated=False)
