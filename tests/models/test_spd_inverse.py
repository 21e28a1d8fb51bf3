"""The in-place inverse against numpy's, at sizes on and off the blocks' edges."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ecomsql.errors import DataError, Stopped
from ecomsql.models.spd_inverse import spd_inverse_
from ecomsql.progress import resume, stop


def positive_definite(n: int, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    factor = random.standard_normal((n, n + 5))
    return factor @ factor.T / n + 0.5 * np.eye(n)


@pytest.mark.parametrize("n", [1, 2, 7, 16, 17, 64, 101])
@pytest.mark.parametrize("block", [1, 16, 64])
def test_equals_numpy(n: int, block: int) -> None:
    matrix = positive_definite(n)
    found = spd_inverse_(torch.tensor(matrix, dtype=torch.float64), block=block)
    np.testing.assert_allclose(found.numpy(), np.linalg.inv(matrix), rtol=1e-8, atol=1e-10)


def test_single_precision_over_several_panels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecomsql.models.spd_inverse.PANEL", 100)
    matrix = positive_definite(333)
    found = spd_inverse_(torch.tensor(matrix, dtype=torch.float32), block=64)
    expected = np.linalg.inv(matrix)
    assert np.abs(found.numpy() - expected).max() < 1e-5 * np.abs(expected).max()


def test_works_in_place_and_reads_the_lower_triangle_only() -> None:
    matrix = positive_definite(20)
    given = torch.tensor(np.tril(matrix) + np.triu(np.full((20, 20), np.nan), 1))
    found = spd_inverse_(given, block=8)
    assert found.data_ptr() == given.data_ptr()
    np.testing.assert_allclose(found.numpy(), np.linalg.inv(matrix), rtol=1e-8)


def test_empty() -> None:
    assert spd_inverse_(torch.zeros(0, 0)).shape == (0, 0)


def test_not_positive_definite() -> None:
    with pytest.raises(DataError, match="not positive definite"):
        spd_inverse_(torch.tensor([[1.0, 2.0], [2.0, 1.0]]))


def test_can_be_stopped() -> None:
    stop()
    try:
        with pytest.raises(Stopped):
            spd_inverse_(torch.eye(4))
    finally:
        resume()
