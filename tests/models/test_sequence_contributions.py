"""Explanations of networks over events: they add up, and equal a plain sum over the way."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ecomsql.errors import ModelError
from ecomsql.features.event_log import KINDS
from ecomsql.features.event_sequences import (
    ASKED,
    BUCKETS,
    LENGTH,
    NUMBERS,
    EventSequences,
)
from ecomsql.features.sequence_inputs import INPUTS
from ecomsql.models.blend import Blend
from ecomsql.models.sequence_average import AverageEvents
from ecomsql.models.sequence_contributions import sequence_contributions
from ecomsql.models.sequence_importance import sequence_importance, shuffled
from ecomsql.models.sequence_model import SequenceModel
from ecomsql.models.sequence_network import share_of
from ecomsql.models.sequence_training import new_network
from ecomsql.models.target import Target, probabilities

every_shape = pytest.mark.parametrize("shape", ["gru", "attention"])


def drawn(seed: int, rows: int = 40, *, longest: int = LENGTH) -> EventSequences:
    random = np.random.default_rng(seed)
    lengths = random.integers(1, longest + 1, rows)
    there = np.arange(LENGTH) >= LENGTH - lengths[:, None]
    kinds = random.integers(1, len(KINDS) + 2, there.shape) * there
    buckets = random.integers(0, BUCKETS, there.shape) * there
    numbers = random.normal(size=(*there.shape, len(NUMBERS))).astype(np.float32)
    numbers[..., ASKED] = random.random(there.shape) < 0.3
    numbers *= there[..., None]
    return EventSequences(kinds, buckets, numbers)


def network_of(shape: str, *, spread: float = 5.0):
    """Return a network whose answers differ, as they do not before training."""
    network = new_network(shape, 8, seed=2).eval()
    with torch.no_grad():
        for one in (network.out.weight, network.kind.weight, network.bucket.weight):
            one *= spread
        network.out.bias += 0.3
    return network


def model_of(shape: str, sequences: EventSequences) -> SequenceModel:
    blend = Blend(np.array([1.7]), np.array([-0.4]))
    return SequenceModel(network_of(shape), blend, {}, AverageEvents.of(sequences))


@every_shape
@pytest.mark.parametrize("longest", [1, 5, LENGTH])
def test_base_and_contributions_are_the_answer(shape, longest):
    sequences = drawn(1, longest=longest)
    model = model_of(shape, drawn(2))
    parts = model.contributions(sequences)
    assert parts.shape == (40, len(INPUTS) + 1)
    assert np.allclose(parts.sum(axis=1), model.raw(sequences)[:, 0], atol=1e-6)
    assert np.ptp(parts[:, -1]) == 0
    assert np.abs(parts[:, 1:-1]).max() > 0.01


@every_shape
def test_is_the_gradient_along_the_way(shape):
    """Against the midpoint rule with 400 steps, in double precision, over one-hot inputs."""
    sequences, network = drawn(3, rows=6, longest=12), network_of(shape)
    average = AverageEvents.of(drawn(4))
    found = sequence_contributions(network, average, sequences)
    double = network.double()
    codes = [torch.from_numpy(one).long() for one in (sequences.kinds, sequences.buckets)]
    kinds = torch.nn.functional.one_hot(codes[0], len(KINDS) + 2).double()
    buckets = torch.nn.functional.one_hot(codes[1], BUCKETS).double()
    asked = share_of(torch.from_numpy(sequences.numbers[..., ASKED]).double())
    ends = (kinds, buckets, torch.from_numpy(sequences.numbers).double())
    there = torch.from_numpy(sequences.kinds) > 0
    starts = [
        torch.from_numpy(one).double().expand(6, -1, -1)
        for one in (average.kinds, average.buckets, average.numbers)
    ]
    sums = [torch.zeros_like(one) for one in (*ends, asked)]
    for step in range(400):
        share = (step + 0.5) / 400
        at = [
            (a + share * (b - a)).detach().requires_grad_()
            for a, b in zip(starts, ends, strict=True)
        ]
        at.append((share * asked).requires_grad_())
        inside = at[0] @ double.kind.weight + at[1] @ double.bucket.weight + double.number(at[2])
        slopes = torch.autograd.grad(double.read(inside, there, at[3]).sum(), at)
        sums = [total + slope / 400 for total, slope in zip(sums, slopes, strict=True)]
    parts = [
        (slope * (b - a) * there[..., None]).detach().sum(dim=1)
        for slope, a, b in zip(sums, starts, ends, strict=False)
    ]
    parts[2][:, ASKED] += (sums[3] * asked).sum(dim=1)
    expected = torch.cat([parts[0].sum(1, True), parts[1].sum(1, True), parts[2]], dim=1).numpy()
    # Kinks of the attention's network are where the few points miss some.
    missed = np.abs(found[:, 1:-1] - expected).max() / np.abs(expected).max()
    assert missed < (1e-3 if shape == "gru" else 3e-2)
    assert np.abs(expected).max() > 0.05


@every_shape
def test_the_number_of_events_is_explained_by_average_ones(shape):
    sequences, average, network = drawn(5), AverageEvents.of(drawn(6)), network_of(shape)
    found = sequence_contributions(network, average, sequences)
    lengths = (sequences.kinds > 0).sum(axis=1)
    for length in np.unique(lengths):
        assert np.ptp(found[lengths == length, 0]) < 1e-6
    # Over the sequences that the average is of, they cancel out.
    same = sequence_contributions(network, average, drawn(6))
    assert abs(same[:, 0].mean()) < 1e-6


def test_what_never_differs_explains_nothing():
    sequences = drawn(7)
    there = sequences.kinds > 0
    plain = EventSequences(there * 3, sequences.buckets, sequences.numbers * [1, 1, 0, 0, 0, 0, 0])
    plain = EventSequences(plain.kinds, plain.buckets, plain.numbers.astype(np.float32))
    found = sequence_contributions(network_of("gru"), AverageEvents.of(plain), plain)
    by_name = dict(zip(INPUTS, np.abs(found[:, :-1]).max(axis=0), strict=True))
    for name in ("kinds", "price_to_habit", "quantity", "lines", "about_item"):
        assert by_name[name] < 1e-6, name
    assert by_name["item_popularity"] > 1e-3


def test_average_events_are_averages():
    sequences = drawn(8, longest=20)
    found = AverageEvents.of(sequences)
    there = sequences.kinds > 0
    at = there[:, -7]
    assert np.allclose(found.numbers[-7], sequences.numbers[at, -7].mean(axis=0), atol=1e-6)
    assert found.kinds[-7, 2] == pytest.approx((sequences.kinds[at, -7] == 2).mean())
    assert np.allclose(found.kinds.sum(axis=1), 1, atol=1e-6)
    assert np.allclose(found.numbers[0], sequences.numbers[there].mean(axis=0), atol=1e-6)
    assert found.lengths[4] == pytest.approx((there.sum(axis=1) == 5).mean())


def test_only_what_is_looked_at_matters():
    sequences = drawn(9, rows=400)
    looks = {
        "hours_since_event": lambda some: some.numbers[:, -1:, 1].astype(np.float64),
        "events": lambda some: (some.kinds > 0).sum(axis=1)[:, None] / 16.0 - 2.0,
        "kinds": lambda some: (some.kinds[:, -1:] == 3) * 3.0 - 1.0,
        "item_popularity": lambda some: some.buckets[:, -1:] / 4.0 - 2.0,
    }
    for name, raw in looks.items():
        random = np.random.default_rng(1)
        bought = random.random(400) < probabilities(raw(sequences))[:, 1]
        target = Target(bought.astype(np.float64), 2)
        found = dict(zip(INPUTS, sequence_importance(raw, sequences, target, seed=1), strict=True))
        others = [value for one, value in found.items() if one != name]
        assert found[name] > 0.03, name
        assert np.abs(others).max() == 0, name


@pytest.mark.parametrize("name", INPUTS)
def test_shuffling_moves_one_thing_between_sequences(name):
    sequences = drawn(10)
    order = np.random.default_rng(2).permutation(len(sequences))
    changed = shuffled(sequences, name, order)
    lengths = [(one.kinds > 0).sum(axis=1) for one in (sequences, changed)]
    assert sorted(lengths[0]) == sorted(lengths[1])
    if name == "events":
        kept = np.minimum(*lengths)
        for at, count in enumerate(kept):
            last = slice(LENGTH - count, LENGTH)
            assert np.array_equal(changed.kinds[at, last], sequences.kinds[at, last])
            assert np.array_equal(changed.numbers[at, last], sequences.numbers[at, last])
        return
    assert np.array_equal(*lengths)
    arrays = {
        one: (
            (each.kinds, each.buckets, *np.moveaxis(each.numbers, 2, 0))
            for each in (sequences, changed)
        )
        for one in ("both",)
    }
    for other, (before, after) in zip(INPUTS[1:], zip(*arrays["both"], strict=True), strict=True):
        assert np.array_equal(np.sort(before, axis=0), np.sort(after, axis=0)), other
        assert np.array_equal(before, after) == (other != name), other


def test_is_the_same_when_restored():
    model = model_of("gru", drawn(2))
    model.importance["permutation"] = np.arange(float(len(INPUTS)))
    again = SequenceModel.from_state("gru", *model.state())
    assert np.array_equal(again.contributions(drawn(1)), model.contributions(drawn(1)))
    assert again.importances == {"permutation": dict(zip(INPUTS, range(len(INPUTS)), strict=True))}


def test_models_of_earlier_versions_and_damaged_ones_say_so():
    model = model_of("gru", drawn(2))
    arrays, values = model.state()
    old = {name: one for name, one in arrays.items() if not name.startswith("average.")}
    with pytest.raises(ModelError, match="an earlier version made the model"):
        SequenceModel.from_state("gru", old, values).contributions(drawn(1))
    for broken in (
        {name: one for name, one in arrays.items() if name != "average.kinds"},
        {**arrays, "average.numbers": arrays["average.numbers"][:3]},
        {**arrays, "average.lengths": arrays["average.lengths"] * np.float32("nan")},
        {**arrays, "importance.permutation": np.zeros(3)},
    ):
        with pytest.raises(ModelError):
            SequenceModel.from_state("gru", broken, values)
