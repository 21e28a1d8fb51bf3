"""Popularity and the vectors of audiences."""

from __future__ import annotations

import numpy as np
from coded_events import N_ITEMS, built, events, frame_of, naive
from hypothesis import given

from ecomsql.features.audience import WIDTH, audience_vectors
from ecomsql.features.interactions import interactions
from ecomsql.features.popularity import popularity


@given(events)
def test_popularity_counts_users_then_weight(rows):
    users, weight = [0] * N_ITEMS, [0.0] * N_ITEMS
    for row in naive(rows).values():
        for item, amount, _ in row:
            users[item] += 1
            weight[item] += amount
    found = popularity(built(rows))
    assert found.dtype == np.float32
    assert np.floor(found).tolist() == users
    order = sorted(range(N_ITEMS), key=lambda item: (-users[item], -weight[item], item))
    assert np.argsort(-found, kind="stable").tolist() == order


@given(events)
def test_audience_vectors_are_unit_or_nothing(rows):
    data = built(rows)
    vectors = audience_vectors(data, seed=1)
    assert vectors.shape == (N_ITEMS, WIDTH)
    assert vectors.dtype == np.float32
    lengths = np.linalg.norm(vectors, axis=1)
    taken = np.bincount(data.items, minlength=N_ITEMS) > 0
    # A sum of signs may be the zero vector, though hardly ever.
    assert (lengths[~taken] == 0).all()
    assert np.isclose(lengths[lengths > 0], 1, atol=1e-5).all()
    np.testing.assert_array_equal(vectors, audience_vectors(data, seed=1))


def test_inner_products_estimate_the_cosine_of_audiences():
    random = np.random.default_rng(5)
    taken = random.random((400, 12)) < np.linspace(0.1, 0.8, 12)
    users, items = np.nonzero(taken)
    rows = [(int(u), int(i), 1.0, 0.0) for u, i in zip(users, items, strict=True)]
    data = interactions(frame_of(rows), n_users=400, n_items=12)
    norms = np.sqrt(taken.sum(axis=0))
    cosine = (taken.T.astype(float) @ taken) / np.outer(norms, norms)
    vectors = np.stack([audience_vectors(data, seed=seed) for seed in range(20)])
    estimates = np.einsum("sid,sjd->sij", vectors, vectors)
    assert np.abs(estimates.mean(axis=0) - cosine).max() < 0.12
    assert np.sqrt(np.square(estimates - cosine).mean()) < 0.15


def test_same_audience_same_vector():
    rows = [(user, item, 1.0, 0.0) for user in range(3) for item in (1, 4)]
    vectors = audience_vectors(built(rows), seed=9)
    np.testing.assert_array_equal(vectors[1], vectors[4])
    assert not vectors[[0, 2, 3]].any()
