"""Documents as rows of length 1, in which rare words weigh more."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from ecomsql.features.tf_idf import Floats, with_unit_rows


def tf_idf_rows(counts: csr_matrix, weights: Floats) -> csr_matrix:
    """Return counts times `weights`, each row over its length: scikit-learn's TF-IDF.

    Parameters
    ----------
    counts : csr_matrix, shape (documents, words)
    weights : float32 array, shape (words,)
        See :func:`~ecomsql.features.tf_idf.inverse_frequencies`.

    Returns
    -------
    csr_matrix of float32, shape (documents, words)
    """
    # In double precision, because the squares of huge counts are no single ones.
    values = counts.data.astype(np.float64) * weights[counts.indices]
    return with_unit_rows(csr_matrix((values, counts.indices, counts.indptr), shape=counts.shape))
