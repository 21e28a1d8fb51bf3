"""lifetimes: BG/NBD and Gamma-Gamma as that library fits and joins them."""

from __future__ import annotations

import time
import warnings

import duckdb
import numpy as np
import pandas as pd

from benchmarks.customers import Customers


def run(con: duckdb.DuckDBPyConnection, dataset: Customers, argument: str) -> dict[str, float]:
    """Fit on the summary of the orders in weeks, without a penalty."""
    del argument
    from lifetimes import BetaGeoFitter, GammaGammaFitter
    from lifetimes.utils import summary_data_from_transaction_data

    warnings.filterwarnings("ignore")
    columns = con.execute("SELECT user_id, ts::TIMESTAMP AS ts, amount FROM orders").fetchnumpy()
    orders = pd.DataFrame({name: np.asarray(values) for name, values in columns.items()})
    begun = time.perf_counter()
    people = summary_data_from_transaction_data(
        orders, "user_id", "ts", "amount", observation_period_end=dataset.cut, freq_multiplier=7
    )
    times = (people["frequency"], people["recency"], people["T"])
    model = BetaGeoFitter().fit(*times)
    back = people[(people["frequency"] > 0) & (people["monetary_value"] > 0)]
    spend = GammaGammaFitter().fit(back["frequency"], back["monetary_value"])
    fitted = time.perf_counter()
    expected = model.conditional_expected_number_of_purchases_up_to_time(dataset.days / 7, *times)
    mean = spend.conditional_expected_average_profit(people["frequency"], people["monetary_value"])
    scored = time.perf_counter()
    told = pd.DataFrame({"user_id": people.index, "orders": expected, "value": expected * mean})
    con.register("_told", told)
    con.execute("CREATE TABLE told AS FROM _told")
    return {"fit_s": fitted - begun, "score_s": scored - fitted, "total_s": scored - begun}
