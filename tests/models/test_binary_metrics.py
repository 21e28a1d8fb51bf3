"""Figures of probabilities, beside scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import (
    average_precision_score,
    balanced_accuracy_score,
    f1_score,
    roc_auc_score,
)

from ecomsql.models.binary_metrics import auc, average_precision, best_threshold, calibration_error

pairs = st.lists(
    st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.5, 0.7, 1.0])), min_size=2, max_size=40
)


@given(pairs)
def test_equal_scikit_learns_ties_included(rows):
    positive = np.array([one for one, _ in rows])
    score = np.array([one for _, one in rows])
    if positive.all() or not positive.any():
        assert np.isnan(auc(positive, score))
        return
    assert auc(positive, score) == pytest.approx(roc_auc_score(positive, score))
    expected = average_precision_score(positive, score)
    assert average_precision(positive, score) == pytest.approx(expected)


def test_calibration_error():
    random = np.random.default_rng(0)
    chance = random.random(20_000)
    happened = random.random(20_000) < chance
    assert calibration_error(happened, chance) < 0.02
    assert calibration_error(happened, np.full(20_000, 0.9)) == pytest.approx(0.4, abs=0.02)
    assert calibration_error(np.zeros(0, dtype=bool), np.zeros(0)) == 0.0


@settings(deadline=None)
@given(pairs)
def test_no_threshold_is_better(rows):
    positive = np.array([one for one, _ in rows])
    chance = np.array([one for _, one in rows])
    if positive.all() or not positive.any():
        assert best_threshold(positive, chance, "f1") == 0.5
        return
    for name, measure in (("f1", f1_score), ("balanced", balanced_accuracy_score)):
        best = max(measure(positive, chance >= cut) for cut in np.unique(chance))
        told = measure(positive, chance >= best_threshold(positive, chance, name))
        assert told == pytest.approx(best)
