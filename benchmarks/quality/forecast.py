"""Forecasts of many series: this project, a peer, and the last value, in one run."""

from __future__ import annotations

from benchmarks.datasets import DATA
from benchmarks.report import Run, Table
from benchmarks.series.data import SERIES

TITLE = "forecasts"
CONTESTANTS = {
    "naive": ("ecomsql_models", "naive"),
    "seasonal_naive": ("ecomsql_models", "seasonal_naive"),
    "drift": ("ecomsql_models", "drift"),
    "theta": ("ecomsql_models", "theta"),
    "ets": ("ecomsql_models", "ets"),
    "arima": ("ecomsql_models", "arima"),
    "sarima": ("ecomsql_models", "sarima"),
    "lightgbm": ("ecomsql_models", "lightgbm"),
    "lstm": ("ecomsql_models", "lstm"),
    "gru": ("ecomsql_models", "gru"),
    "attention": ("ecomsql_models", "attention"),
    "auto": ("ecomsql_models", "auto"),
    "auto, season 52": ("ecomsql_models", "auto:52"),
    "statsforecast AutoARIMA": ("statsforecast_library", "AutoARIMA 1"),
    "statsforecast AutoARIMA, 2 processes": ("statsforecast_library", "AutoARIMA 2"),
    "lightgbm, season 52": ("ecomsql_models", "lightgbm:52"),
    "gru, season 52": ("ecomsql_models", "gru:52"),
    "statsforecast AutoTheta": ("statsforecast_library", "AutoTheta 1"),
    "statsforecast AutoTheta, 2 processes": ("statsforecast_library", "AutoTheta 2"),
    "statsforecast AutoETS": ("statsforecast_library", "AutoETS 1"),
    "statsforecast AutoETS, 2 processes": ("statsforecast_library", "AutoETS 2"),
}


def tables(run: Run) -> list[Table]:
    """Measure every contestant once on every data set; `cpu_s` does not depend on other work."""
    found = []
    for name, (_, files, published) in SERIES.items():
        if not run.wants(name):
            continue
        missing = [one for one in files if not (DATA / one).exists()]
        if missing:
            run.skip(name, f"no file {', '.join(missing)}; set ECOMSQL_DATA")
            continue
        table = Table(f"{TITLE} on {name}", f"sMAPE/MASE. {published}")
        for label, (contestant, argument) in CONTESTANTS.items():
            if argument.endswith(":52") and name != "m4_weekly":
                continue
            table.add(
                label, run.child(name, contestant, argument, program="benchmarks.series.child")
            )
        found.append(table)
    return found
