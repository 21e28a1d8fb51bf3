"""Models as bytes: back as they went, and nothing but ModelError from bad ones."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from safetensors.numpy import save

from ecomsql import catalogue
from ecomsql.errors import ModelError
from ecomsql.storage import (
    HEAD,
    StoredModel,
    from_blob,
    is_named,
    pack_text,
    to_blob,
    unpack_text,
)

arrays = st.dictionaries(
    st.text(min_size=1).filter(lambda name: name != "__metadata__"),
    hnp.arrays(
        st.sampled_from([np.float32, np.float64, np.int32, np.int64, np.uint8, np.bool_]),
        hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
    ),
    max_size=3,
)
values = st.dictionaries(
    st.text(),
    st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()),
    max_size=3,
)
MODEL = StoredModel(
    "recommend",
    "popular",
    {"worth": np.arange(6, dtype=np.float32), "grid": np.eye(3, dtype=np.float32)},
    {"recency": 0.5, "names": ["a", "é"]},
)
BLOB = to_blob(MODEL)


@given(st.text(), st.text(), arrays, values)
def test_round_trip(task, method, arrays, values):
    stored = from_blob(to_blob(StoredModel(task, method, arrays, values)), tasks=(task,))
    assert (stored.task, stored.method, stored.values) == (task, method, values)
    assert stored.arrays.keys() == arrays.keys()
    for name, array in arrays.items():
        assert stored.arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(stored.arrays[name], array)


def test_arrays_in_any_memory_order():
    grid = np.asfortranarray(np.arange(12, dtype=np.float32).reshape(3, 4))
    stored = from_blob(
        to_blob(StoredModel("t", "m", {"a": grid, "b": grid[::2, ::-1]}, {})), tasks=("t",)
    )
    np.testing.assert_array_equal(stored.arrays["a"], grid)
    np.testing.assert_array_equal(stored.arrays["b"], grid[::2, ::-1])


def test_same_model_same_bytes():
    assert to_blob(MODEL) == BLOB


def test_another_task_is_named():
    with pytest.raises(ModelError, match="the task 'recommend', not for 'forecast'"):
        from_blob(BLOB, tasks=("forecast",))


@given(st.binary(max_size=200))
def test_random_bytes(blob):
    with pytest.raises(ModelError):
        from_blob(blob, tasks=("recommend",))


@pytest.mark.parametrize("size", range(0, len(BLOB), 7))
def test_truncated(size):
    with pytest.raises(ModelError):
        from_blob(BLOB[:size], tasks=("recommend",))


@given(st.binary(min_size=1, max_size=9))
def test_too_long(more):
    with pytest.raises(ModelError):
        from_blob(BLOB + more, tasks=("recommend",))


@settings(max_examples=500)
@given(st.integers(0, len(BLOB) * 8 - 1))
def test_a_flipped_bit_is_an_error_or_another_sound_model(bit):
    damaged = bytearray(BLOB)
    damaged[bit // 8] ^= 1 << bit % 8
    try:
        stored = from_blob(bytes(damaged), tasks=("recommend",))
    except ModelError:
        return
    assert isinstance(stored.values, dict)
    assert all(isinstance(array, np.ndarray) for array in stored.arrays.values())


@pytest.mark.parametrize("size", [1 << 63, 1 << 40, 200_000_000, len(BLOB) - 7])
def test_a_header_longer_than_the_file(size):
    with pytest.raises(ModelError, match="not a model"):
        from_blob(size.to_bytes(8, "little") + BLOB[8:], tasks=("recommend",))


@pytest.mark.parametrize(
    "document",
    [
        "[]",
        "null",
        "{}",
        '"text"',
        "not json",
        '{"task": 1, "method": "m", "version": "1", "values": {}}',
        '{"task": "recommend", "method": null, "version": "1", "values": {}}',
        '{"task": "recommend", "method": "m", "version": "1", "values": []}',
        "[" * 100_000,
    ],
)
def test_metadata_of_the_wrong_form(document):
    with pytest.raises(ModelError, match="not a model"):
        from_blob(save({"a": np.zeros(2)}, metadata={"ecomsql": document}), tasks=("recommend",))


@pytest.mark.parametrize("metadata", [None, {}, {"other": "{}"}])
def test_another_safetensors_file(metadata):
    with pytest.raises(ModelError, match="not a model"):
        from_blob(save({"a": np.zeros(2)}, metadata=metadata), tasks=("recommend",))


@pytest.mark.parametrize(
    "change",
    [
        {"dtype": "F99"},
        {"dtype": "BF16", "shape": [3], "data_offsets": [0, 6]},
        {"shape": [2**40, 2**40]},
        {"shape": [-1]},
        {"shape": ["a"]},
        {"data_offsets": [0, 2**60]},
        {"data_offsets": [8, 0]},
        {"data_offsets": None},
    ],
)
def test_a_tensor_that_does_not_fit(change):
    size = int.from_bytes(BLOB[:8], "little")
    header = json.loads(BLOB[8 : 8 + size])
    header["worth"] |= change
    text = json.dumps(header).encode()
    damaged = len(text).to_bytes(8, "little") + text + BLOB[8 + size :]
    with pytest.raises(ModelError):
        from_blob(damaged, tasks=("recommend",))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_texts_come_back(texts):
    assert unpack_text(**pack_text(texts)) == texts


@pytest.mark.parametrize(
    ("text", "offsets"),
    [
        (np.zeros(3, np.uint8), np.array([], np.int64)),
        (np.zeros(3, np.uint8), np.array([0, 2], np.int64)),
        (np.zeros(3, np.uint8), np.array([1, 3], np.int64)),
        (np.zeros(3, np.uint8), np.array([0, 4], np.int64)),
        (np.zeros(3, np.uint8), np.array([0, 3, 2, 3], np.int64)),
        (np.zeros(3, np.uint8), np.array([0, 3], np.int32)),
        (np.zeros(3, np.uint8), np.array([[0, 3]], np.int64)),
        (np.zeros((3, 1), np.uint8), np.array([0, 3], np.int64)),
        (np.zeros(3, np.float32), np.array([0, 3], np.int64)),
        (np.array([0xC3, 0x28], np.uint8), np.array([0, 2], np.int64)),
    ],
)
def test_damaged_texts(text, offsets):
    with pytest.raises(ModelError, match="ids are damaged"):
        unpack_text(text, offsets)


def test_the_first_bytes_tell_a_model():
    assert is_named(BLOB[:HEAD])
    assert BLOB[:HEAD] != to_blob(replace(MODEL, values={**MODEL.values, "more": 1}))[:HEAD]
    head = next(macro for macro in catalogue.macros() if macro.name == "_model_head")
    assert f"_blob[:{HEAD}]" in head.statement


def test_a_model_has_what_its_first_bytes_say():
    damaged = bytearray(BLOB)
    damaged[-1] ^= 1
    with pytest.raises(ModelError, match="damaged"):
        from_blob(bytes(damaged), tasks=("recommend",))


def test_a_model_of_an_earlier_version():
    document = '{"task": "recommend", "method": "m", "version": "0.0.1", "values": {}}'
    blob = save({"a": np.zeros(2)}, metadata={"ecomsql": document})
    assert not is_named(blob[:HEAD])
    assert from_blob(blob, tasks=("recommend",)).method == "m"


def large(values: np.ndarray) -> StoredModel:
    return StoredModel("recommend", "m", {"a": values, "packed": values[:3]}, {})


@pytest.mark.parametrize(
    ("values", "least", "most"),
    [
        (np.arange(50_000, dtype=np.int64) // 7, 0.02, 0.9),
        (np.random.default_rng(0).random(50_000), 0.99, 1.1),
        (np.zeros(50_000), 0.99, 1.1),
    ],
)
def test_arrays_that_become_smaller_are_packed(values, least, most):
    blob = to_blob(large(values))
    assert least < len(blob) / values.nbytes < most
    stored = from_blob(blob, tasks=("recommend",))
    np.testing.assert_array_equal(stored.arrays["a"], values)
    np.testing.assert_array_equal(stored.arrays["packed"], values[:3])


@pytest.mark.parametrize("size", [0, 1, -1, 10**12, True, "many", 1.5])
def test_a_wrong_size_of_what_is_packed(size):
    blob = to_blob(large(np.arange(50_000, dtype=np.int64) // 7))
    start = 8 + int.from_bytes(blob[:8], "little")
    header = json.loads(blob[8:start])
    document = json.loads(header["__metadata__"]["ecomsql"]) | {"packed": size}
    header["__metadata__"]["ecomsql"] = json.dumps(document)
    text = json.dumps(header, separators=(",", ":")).encode()
    wrong = len(text).to_bytes(8, "little") + text + blob[start:]
    assert is_named(wrong[:HEAD])
    with pytest.raises(ModelError, match="damaged"):
        from_blob(wrong, tasks=("recommend",))
