"""Models of behaviour: validated later than learned, stored, and better than chance."""

from __future__ import annotations

import dataclasses

import numpy as np
import polars as pl
import pytest
import torch

from ecomsql.errors import DataError, ModelError, OptionError
from ecomsql.features.behaviour import behaviour, seen
from ecomsql.features.calendar import DAY
from ecomsql.features.event_log import CART, PURCHASE, SCHEMA, VIEW, EventLog
from ecomsql.features.event_sequences import event_sequences
from ecomsql.models import behaviour_fitting, behaviour_model
from ecomsql.models.behaviour_fitting import fit_behaviour
from ecomsql.models.behaviour_model import BASE, BY_EVENTS, BehaviourModel
from ecomsql.models.binary_metrics import auc
from ecomsql.models.blend import Blend
from ecomsql.models.sequence_model import SequenceModel
from ecomsql.models.sequence_training import new_network
from ecomsql.storage import from_blob, to_blob

END = 100 * DAY


def shop(seed: int = 0, *, users: int = 150) -> EventLog:
    """Return a log in which some users buy often and others seldom, at random times."""
    random = np.random.default_rng(seed)
    rows = []
    for user in range(users):
        rate = random.gamma(1.0, 8.0)
        for at in random.random(random.poisson(rate) + 1) * END:
            kind = PURCHASE if random.random() < 0.6 else VIEW
            rows.append((user, int(random.integers(30)), at, kind, 10.0 + user % 7, 1.0))
    return EventLog.of(pl.DataFrame(rows, schema=SCHEMA, orient="row"))


def fitted(log: EventLog, method: str = "linear", **options) -> BehaviourModel:
    how = {"horizon": 10 * DAY, "end": END, "per": "user", "seed": 1, **options}
    task = how.pop("task", "purchase")
    return fit_behaviour(task, log, method=method, **how)


@pytest.fixture(scope="module")
def log() -> EventLog:
    return shop()


@pytest.fixture(scope="module")
def linear(log) -> BehaviourModel:
    return fitted(log)


@pytest.fixture(scope="module")
def gru(log) -> BehaviourModel:
    return fitted(log, "gru")


@pytest.mark.parametrize("method", ["lightgbm", "linear", "attention"])
def test_finds_who_buys_often(log, method):
    model = fitted(log, method, end=90 * DAY)
    answers = model.answers(log, 90 * DAY)
    after = set(log.between(90 * DAY, END).filter(pl.col("kind") == PURCHASE)["user"])
    bought = np.array([user in after for user in answers["user"]])
    assert auc(bought, answers["probability"].to_numpy()) > 0.65
    assert abs(answers["probability"].mean() - bought.mean()) < 0.15


def test_validation_is_later_than_what_is_learned(log, monkeypatch):
    seen = {}

    def spy(*arguments, held_out, **options):
        seen["held_out"] = held_out
        return real(*arguments, held_out=held_out, **options)

    def rows_seen(frame):
        seen["cut"] = frame["cut"].to_numpy()
        return real_rows(frame)

    real, real_rows = behaviour_fitting.fit_table, behaviour_fitting.feature_rows
    monkeypatch.setattr(behaviour_fitting, "fit_table", spy)
    monkeypatch.setattr(behaviour_fitting, "feature_rows", rows_seen)
    fitted(log)
    held, cut = seen["held_out"], seen["cut"]
    # What happened within the horizon after the last point learned from ends before the first held.
    assert cut[~held].max() + 10 * DAY <= cut[held].min()
    assert cut[held].min() + 10 * DAY <= END


def test_what_has_no_pattern_is_not_found():
    """Everybody alike, purchases at random: the point held out is told no better than by chance."""
    random = np.random.default_rng(3)
    users = random.integers(0, 300, 3600)
    columns = {
        "user": users,
        "item": random.integers(0, 9, len(users)),
        "time": random.random(len(users)) * END,
        "kind": np.full(len(users), PURCHASE),
        # A price of one's own: by it a model could tell users apart, and learn them by heart.
        "price": 1.0 + users,
        "quantity": np.ones(len(users)),
    }
    log = EventLog.of(pl.DataFrame(columns))
    for method in ("lightgbm", "linear"):
        model = fitted(log, method)
        assert model.table is not None
        assert abs(model.metrics["validation"]["auc"] - 0.5) < 0.14, method


def test_the_future_is_not_learned_from(log):
    past = EventLog(log.before(80 * DAY))
    one, other = fitted(log, end=80 * DAY), fitted(past, end=80 * DAY)
    assert to_blob(one.stored()) == to_blob(other.stored())


def test_churn_is_the_opposite_of_a_purchase(log, linear):
    buys, leaves = linear, fitted(log, task="churn")
    both = buys.answers(log, END)["probability"] + leaves.answers(log, END)["probability"]
    assert np.allclose(both, 1.0, atol=0.02)


@pytest.mark.parametrize("method", ["linear", "gru"])
def test_is_the_same_when_restored(log, linear, gru, method):
    model = {"linear": linear, "gru": gru}[method]
    again = BehaviourModel.restored(from_blob(to_blob(model.stored()), tasks=("purchase",)))
    assert again.answers(log, END).equals(model.answers(log, END))
    assert (again.horizon, again.per, again.base) == (model.horizon, model.per, model.base)
    assert again.metrics == model.metrics


@pytest.mark.parametrize("shape", ["gru", "attention"])
def test_what_is_said_of_a_user_does_not_depend_on_others(log, shape):
    """A network pads short histories to the length of the longest that it looks at beside them."""
    model = SequenceModel(new_network(shape, 32, seed=5), Blend(np.ones(1), np.zeros(1)), {})
    sequences = event_sequences(log, seen(log, [END]))
    together = model.raw(sequences)
    alone = [model.raw(sequences.take(slice(at, at + 1))) for at in range(len(sequences))]
    assert np.ptp(together) > 0.01
    assert np.allclose(together, np.concatenate(alone), atol=1e-6)


@pytest.mark.parametrize("shape", ["gru", "attention"])
def test_a_network_starts_from_the_seed_alone(shape):
    """Torch's own generator starts differently in every process."""
    states = []
    for torch_seed in (1, 2):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(torch_seed)
            states.append(new_network(shape, 8, seed=3).state_dict())
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])


@pytest.fixture(scope="module")
def carts() -> EventLog:
    """Things that are put into carts, half of which are bought."""
    random = np.random.default_rng(4)
    rows = []
    for user in range(60):
        for at in random.random(12) * END:
            item = int(random.integers(9))
            rows.append((user, item, at, CART, 5.0 + item, 1.0))
            if random.random() < 0.2 + 0.07 * item:
                bought = at + random.random() * 4 * DAY
                rows.append((user, item, bought, PURCHASE, 5.0 + item, 1.0 + user % 2))
    return EventLog.of(pl.DataFrame(rows, schema=SCHEMA, orient="row"))


@pytest.mark.parametrize("method", ["lightgbm", "linear", "mlp", "auto", "gru", "attention"])
@pytest.mark.parametrize("per", ["user", "user_item"])
def test_base_and_contributions_are_the_log_odds(log, carts, method, per):
    if per == "user_item" and method in BY_EVENTS:
        return
    data = carts if per == "user_item" else log
    task = "churn" if method in ("linear", "gru") and per == "user" else "purchase"
    model = fitted(data, method, per=per, task=task)
    model = BehaviourModel.restored(from_blob(to_blob(model.stored()), tasks=(task,)))
    for cut in (END, 70 * DAY):
        answers = model.answers(data, cut)
        blocks = list(model.explained(data, cut))
        keys = pl.concat([one.keys for one in blocks])
        assert keys.equals(answers.drop("probability"))
        parts = np.concatenate([one.contributions for one in blocks])
        odds = model.metrics["base"] + parts.sum(axis=1)
        told = answers["probability"].to_numpy()
        assert np.abs(1 / (1 + np.exp(-odds)) - told).max() < 1e-6
        assert np.ptp(told) > 0.01
        assert blocks[0].features == list(model.importances["permutation"])


def test_the_values_of_an_explanation_are_the_features(log, linear, monkeypatch):
    monkeypatch.setattr(behaviour_model, "BLOCK", 40)
    frame = behaviour(log, [float(END)])
    blocks = list(linear.explained(log, float(END)))
    assert [len(one.keys) for one in blocks] == [40, 40, 40, 30]
    told = np.concatenate([one.values for one in blocks])
    assert np.array_equal(told, frame.select(blocks[0].features).to_numpy(), equal_nan=True)
    first = blocks[0].leading(3)
    parts = np.abs(blocks[0].contributions)
    ranked = np.take_along_axis(parts, first.order, axis=1)
    assert (np.diff(ranked, axis=1) <= 0).all()
    assert np.array_equal(ranked[:, 0], parts.max(axis=1))


def test_a_base_rate_explains_nothing():
    looks = EventLog(shop().frame.with_columns(kind=pl.lit(VIEW, pl.Int8)))
    model = fitted(looks)
    assert list(model.explained(looks, END)) == []
    assert model.importances == {}


def test_one_answer_only_is_the_base_rate():
    looks = shop().frame.with_columns(kind=pl.lit(VIEW, pl.Int8))
    model = fitted(EventLog(looks))
    assert model.method == BASE
    again = BehaviourModel.restored(from_blob(to_blob(model.stored()), tasks=("purchase",)))
    assert set(again.answers(EventLog(looks), END)["probability"]) == {model.base}
    assert model.base == 1 / (model.metrics["rows"] + 2)


@pytest.mark.parametrize(
    "damage",
    [
        {"horizon": -1.0},
        {"horizon": "x"},
        {"base": 2.0},
        {"per": "item"},
        {"per": None},
        None,
    ],
)
def test_damage_is_noticed(linear, damage):
    stored = linear.stored()
    own = None if damage is None else {**stored.values["behaviour"], **damage}
    broken = dataclasses.replace(stored, values={**stored.values, "behaviour": own})
    with pytest.raises(ModelError):
        BehaviourModel.restored(broken)


def test_damage_to_a_network_is_noticed(gru):
    stored = gru.stored()
    missing = {name: one for name, one in stored.arrays.items() if name != "net.out.weight"}
    for broken in (
        dataclasses.replace(stored, arrays=missing),
        dataclasses.replace(stored, method="attention"),
        dataclasses.replace(stored, values={**stored.values, "units": 10**6}),
    ):
        with pytest.raises(ModelError):
            BehaviourModel.restored(broken)


def test_too_many_users_are_drawn_from(log, monkeypatch):
    monkeypatch.setattr(behaviour_fitting, "MOST_ROWS", 400)
    model = fitted(log)
    assert model.metrics["rows"] <= 400
    assert len(model.answers(log, END)) == log.frame["user"].n_unique()


def test_errors(log):
    with pytest.raises(DataError, match=r"has to be longer"):
        fitted(log, horizon=200 * DAY)
    with pytest.raises(OptionError, match=r"is not one of: attention, gru, lightgbm"):
        fitted(log, "lstm")
    with pytest.raises(DataError, match=r"0.0 days of history"):
        fitted(log, end=-1.0)
