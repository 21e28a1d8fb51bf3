"""Global forecasters as bytes, right and forged."""

from __future__ import annotations

import numpy as np
import pytest
from global_data import GLOBAL, NETWORKS, promoted, trained, walks

from ecomsql.errors import ModelError
from ecomsql.models import forecasters
from ecomsql.models.series_batch import SeriesBatch
from ecomsql.storage import StoredModel, from_blob, to_blob


@pytest.fixture(params=GLOBAL)
def model(request):
    return trained(request.param, SeriesBatch.of(walks(), 4), 5)


def forged(model, *, arrays=None, **values):
    """Return the bytes of a model with other arrays and values; None takes one away."""
    stored = from_blob(model.to_bytes(), tasks=("forecast",))
    own = {**stored.arrays, **(arrays or {})}
    own = {name: one for name, one in own.items() if one is not None}
    told = {name: one for name, one in {**stored.values, **values}.items() if one is not None}
    return to_blob(StoredModel("forecast", stored.method, own, told))


def refused(model, **changes):
    with pytest.raises(ModelError):
        type(model).from_bytes(forged(model, **changes))


def test_answers_are_the_same_after_storing(model):
    batch = SeriesBatch.of(walks(5, 33, seed=4), 4)
    again = type(model).from_bytes(model.to_bytes())
    one, other = model.predict(batch, 12), again.predict(batch, 12)
    np.testing.assert_array_equal(one.mean, other.mean)
    np.testing.assert_array_equal(one.sd, other.sd)
    assert again.to_bytes() == model.to_bytes()
    assert again.nbytes == model.nbytes > 1_000


def test_what_is_known_ahead_is_still_used_after_storing():
    values, known = promoted()
    batch = SeriesBatch.of(list(values[:, :60]))
    model = trained("lightgbm", batch, 6, known=known)
    again = type(model).from_bytes(model.to_bytes())
    assert again.columns == 1
    one, other = (each.predict(batch, 6, known=known).mean for each in (model, again))
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.999])
def test_bytes_that_end_early(model, share):
    blob = model.to_bytes()
    with pytest.raises(ModelError):
        type(model).from_bytes(blob[: int(len(blob) * share)])


def test_another_method(model):
    other = next(one for one in GLOBAL if one != model.method)
    with pytest.raises(ModelError, match=f"the model's method is '{model.method}', not '{other}'"):
        forecasters.method(other).from_bytes(model.to_bytes())


@pytest.mark.parametrize(
    "growth",
    [None, 3, {}, {"size": -1.0, "power": 0.5}, {"size": 1.0, "power": 7.0}, {"size": "1"}],
)
def test_errors_that_grow_as_none_do(model, growth):
    refused(model, growth=growth)


def test_sizes_that_none_has(model):
    for sizes in (None, 5, [], {}, [0, 0, 64], [10**9, 0, 64], [5, 0, True]):
        refused(model, sizes=sizes)
    refused(model, effort="much")


@pytest.mark.parametrize("method", NETWORKS)
def test_networks_that_do_not_fit_their_size(method):
    model = trained(method, SeriesBatch.of(walks(), 4), 5)
    sizes = model.network.sizes.json()
    for name in ("patch", "patches", "horizon", "units", "layers"):
        for size in (0, -1, 2.0, "8", sizes[name] + 4, 10**9):
            refused(model, sizes={**sizes, name: size})
    refused(model, sizes={**sizes, "shape": "transformer"})
    refused(model, arrays={"out.weight": None})
    refused(model, arrays={"out.bias": np.full(5, np.nan, dtype=np.float32)})
    wide = np.zeros((100_000, 2 * sizes["patch"]), dtype=np.float32)
    out = np.zeros((5, 100_000), dtype=np.float32)
    changed = {"patch.weight": wide, "out.weight": out}
    refused(model, sizes={**sizes, "units": 100_000}, arrays=changed)


def test_trees_that_are_damaged():
    model = trained("lightgbm", SeriesBatch.of(walks(), 4), 5)
    features, values, missing = model.state()[0].values()
    assert len(features) > 3
    refused(model, arrays={"features": None})
    for wrong in (
        {each: np.append(one, one[:1]) for each, one in model.state()[0].items()},
        {"features": features[:-1]},
        {"features": features.astype(np.int32)},
        {"features": np.where(features >= 0, 10_000, features)},
        {"features": features - 1},
        {"features": np.full_like(features, -1), "values": np.full_like(values, np.nan)},
        {"features": np.zeros_like(features)},
        {"values": values[:, None]},
        {"missing": missing.astype(np.int8)},
    ):
        refused(model, arrays=wrong)
    deep = np.append(np.zeros(64, dtype=np.int64), np.full(65, -1))
    more = {"values": np.zeros(129), "missing": np.zeros(129, dtype=bool)}
    refused(model, arrays={"features": deep, **more})
