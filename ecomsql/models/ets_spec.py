"""Which exponential smoothing models there are."""

from __future__ import annotations

from dataclasses import dataclass

TRENDS = ("N", "A", "Ad")


@dataclass(frozen=True, slots=True)
class EtsSpec:
    """Error, trend and season of a model (Hyndman, Koehler, Ord, Snyder, 2008).

    Attributes
    ----------
    error : str
        ``A`` or ``M``.
    trend : str
        ``N``, ``A`` or ``Ad``, damped.
    season : str
        ``N``, ``A`` or ``M``.
    """

    error: str
    trend: str
    season: str

    @property
    def label(self) -> str:
        """Its name, like ``ets(A,Ad,M)``."""
        return f"ets({self.error},{self.trend},{self.season})"

    def parameters(self, season: int) -> int:
        """Return how many numbers are estimated: smoothing, first states, and the variance."""
        trend = {"N": 0, "A": 2, "Ad": 3}[self.trend]
        return 3 + trend + (season if self.season != "N" else 0)


def pools(season: int) -> list[tuple[str, str]]:
    """Return the pairs of error and season that are tried.

    No multiplicative season with an additive error, whose variance is not finite, and no
    multiplicative trend, whose forecasts run away.
    """
    found = [("A", "N"), ("M", "N")]
    return found + ([("A", "A"), ("M", "A"), ("M", "M")] if season > 1 else [])
