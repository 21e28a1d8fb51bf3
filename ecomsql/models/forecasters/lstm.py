"""Long short-term memory over windows of all series."""

from __future__ import annotations

from ecomsql.models.series_network_model import NetworkForecaster


class Model(NetworkForecaster):
    """Long short-term memory (Hochreiter and Schmidhuber, 1997), which remembers at first.

    The forget gate's bias begins at 1 (Jozefowicz, Zaremba, Sutskever: An empirical exploration of
    recurrent network architectures, 2015).
    """

    method = "lstm"
