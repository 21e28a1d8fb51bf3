"""Factors of TF-IDF weights against scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import nnls
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfTransformer
from topic_data import planted

from ecomsql.features.tf_idf import inverse_frequencies
from ecomsql.features.tf_idf_rows import tf_idf_rows
from ecomsql.models.topic_factors import factorised
from ecomsql.models.topic_nmf import Nmf


def test_weights_are_those_of_scikit_learn():
    counts, _, _ = planted(80, length=5)
    counts = counts[np.diff(counts.indptr) > 0]
    peer = TfidfTransformer().fit(counts)
    np.testing.assert_allclose(inverse_frequencies(counts), peer.idf_, rtol=1e-6)
    ours = tf_idf_rows(counts, inverse_frequencies(counts)).toarray()
    np.testing.assert_allclose(ours, peer.transform(counts).toarray(), rtol=1e-5)


@pytest.mark.parametrize("topics", [5, 9])
def test_error_is_no_worse_than_that_of_scikit_learn(topics):
    counts, _, _ = planted(300, length=12)
    matrix = tf_idf_rows(counts, inverse_frequencies(counts))
    peer = NMF(topics, init="nndsvda", random_state=0, max_iter=400).fit(matrix)
    rows, columns, error = factorised(matrix, topics, seed=1, iterations=100)
    assert error <= 1.005 * peer.reconstruction_err_**2 / 2
    dense = matrix.toarray() - rows.numpy() @ columns.numpy().T
    assert error == pytest.approx((dense**2).sum() / 2, rel=1e-4)


def test_shares_are_the_non_negative_solution():
    counts, _, _ = planted(60)
    model = Nmf.fit(counts, 4, seed=1)
    matrix = tf_idf_rows(counts, model.weights).toarray()
    found = model.documents(counts)
    for row, share in zip(matrix, found, strict=True):
        want = nnls(model.factors.T.astype(np.float64), row)[0]
        want *= (model.factors / model.weights).sum(1)
        np.testing.assert_allclose(share, want / want.sum(), atol=3e-3)
