"""The exponential of the digamma function, of many numbers at once."""

from __future__ import annotations

import torch

SHIFT = 3.5


def exp_digamma(x: torch.Tensor) -> torch.Tensor:
    """Return ``exp(digamma(x))`` for positive `x`, a fifth of the time of the two functions.

    Four steps of ``digamma(x) = digamma(x + 1) - 1 / x`` lead to where the asymptotic series in
    ``x - 1/2`` (Abramowitz, Stegun 1964, 6.3.18, exponentiated) is as precise as a float32: up to
    a relative error of ``1e-5`` for `x` near 0, where the result is below ``1e-30``, and of
    ``1e-6`` from 0.1 on.

    Parameters
    ----------
    x : float32 tensor, any shape

    Examples
    --------
    >>> [round(v, 4) for v in exp_digamma(torch.tensor([0.5, 1.0, 10.0])).tolist()]
    [0.1404, 0.5615, 9.5044]
    """
    # 1 / x + 1 / (x + 3) and 1 / (x + 1) + 1 / (x + 2) have this denominator, and 2 more.
    inner = torch.addcmul(3.0 * x, x, x)
    drop = inner.reciprocal().add_((inner + 2.0).reciprocal_()).mul_(2.0 * x + 3.0)
    ahead = x + SHIFT
    inverse = ahead.reciprocal()
    square = inverse * inverse
    series = (10313.0 / 2903040.0) * square - 37.0 / 5760.0
    series.mul_(square).add_(1.0 / 24.0).mul_(inverse).add_(ahead)
    return series.mul_(drop.neg_().exp_())
