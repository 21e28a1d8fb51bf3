"""statsforecast, called as its guide says: a long data frame, one process or several."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from statsforecast import StatsForecast
from statsforecast import models as library


def forecaster(argument: str) -> Callable[[list[np.ndarray], int, int], np.ndarray]:
    """Return the model and the number of processes of an `argument` like ``AutoETS 1``."""
    name, processes = argument.split()

    def forecast(known: list[np.ndarray], season: int, horizon: int) -> np.ndarray:
        lengths = [len(one) for one in known]
        frame = pd.DataFrame(
            {
                "unique_id": np.repeat(np.arange(len(known)), lengths),
                "ds": np.concatenate([np.arange(n) for n in lengths]),
                "y": np.concatenate(known),
            }
        )
        model = getattr(library, name)(season_length=season)
        run = StatsForecast(models=[model], freq=1, n_jobs=int(processes))
        found = run.forecast(df=frame, h=horizon).sort_values(["unique_id", "ds"])
        return found[found.columns[-1]].to_numpy().reshape(len(known), horizon)

    return forecast
