"""Causal attention over windows of all series."""

from __future__ import annotations

from ecomsql.models.series_network_model import NetworkForecaster


class Model(NetworkForecaster):
    """One block of causal attention over patches (Vaswani et al., 2017; Nie et al., 2023)."""

    method = "attention"
