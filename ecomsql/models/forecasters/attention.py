"""Causal attention over windows of all series."""

from __future__ import annotations

from ecomsql.models.series_network_model import NetworkForecaster


class Model(NetworkForecaster):
    """Causal attention over windows of all series."""

    method = "attention"
