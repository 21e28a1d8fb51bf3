"""Gated recurrent units over windows of all series."""

from __future__ import annotations

from ecomsql.models.series_network_model import NetworkForecaster


class Model(NetworkForecaster):
    """Gated recurrent units over windows of all series."""

    method = "gru"
