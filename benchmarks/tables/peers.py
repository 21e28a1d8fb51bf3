"""LightGBM and scikit-learn, called as their guides say: categories as such, defaults else."""

from __future__ import annotations

import time

import duckdb
import numpy as np
import polars as pl


def run(con: duckdb.DuckDBPyConnection, label: str, argument: str) -> dict[str, float]:
    """Fit the peer `argument`: lightgbm, histogram_boosting or naive."""
    train, test = (
        pl.DataFrame(con.sql(f"FROM {part}").to_arrow_table()) for part in ("train", "test")
    )
    texts = [name for name in train.columns if train[name].dtype == pl.String]
    kinds = {name: pl.Enum(train[name].unique().drop_nulls().sort()) for name in texts}
    x, z = (
        part.drop(label)
        .with_columns(
            pl.col(name).cast(kind, strict=False).to_physical() for name, kind in kinds.items()
        )
        .cast(pl.Float64)
        .to_numpy()
        for part in (train, test)
    )
    places = [at for at, name in enumerate(train.drop(label).columns) if name in texts]
    y = train[label].to_numpy().astype(int)
    begun = time.perf_counter()
    score = PEERS[argument](x, y, places)
    fitted = time.perf_counter()
    chance = score(z)
    scored = time.perf_counter()
    found = pl.DataFrame({"label": test[label], "probability": chance})  # noqa: F841 (by its name)
    con.execute("CREATE TABLE scored AS FROM found")
    return {"fit_s": fitted - begun, "score_s": scored - fitted}


def _lightgbm(x: np.ndarray, y: np.ndarray, places: list[int]):
    import lightgbm

    data = lightgbm.Dataset(x, y, categorical_feature=places)
    model = lightgbm.train({"objective": "binary", "verbosity": -1, "num_threads": 2}, data, 100)
    return model.predict


def _histogram_boosting(x: np.ndarray, y: np.ndarray, places: list[int]):
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(categorical_features=places, random_state=42).fit(x, y)
    return lambda z: model.predict_proba(z)[:, 1]


def _naive(x: np.ndarray, y: np.ndarray, places: list[int]):
    return lambda z: np.full(len(z), y.mean())


PEERS = {"lightgbm": _lightgbm, "histogram_boosting": _histogram_boosting, "naive": _naive}
