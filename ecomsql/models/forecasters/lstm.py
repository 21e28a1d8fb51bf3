"""Long short-term memory over windows of all series."""

from __future__ import annotations

from ecomsql.models.series_network_model import NetworkForecaster


class Model(NetworkForecaster):
    """Long short-term memory over windows of all series."""

    method = "lstm"
