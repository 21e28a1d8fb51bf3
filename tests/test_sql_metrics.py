"""The metrics in SQL against scikit-learn and the models' own, and what a split promises."""

from __future__ import annotations

import math
import warnings

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk
from test_conformance import identifiers

import ecomsql
from ecomsql.features.interactions import interactions
from ecomsql.models.ranking_metrics import ranking_metrics

few = settings(max_examples=40, deadline=None, derandomize=True)
probabilities = st.one_of(st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.floats(0, 1))
values = st.one_of(st.sampled_from([0.0, 1.0, -2.5]), st.floats(-1e6, 1e6))


@pytest.fixture(scope="module")
def con():
    with ecomsql.connect() as connection:
        yield connection


def measured(con, call: str, **tables: pl.DataFrame) -> dict[str, float | None]:
    for name, frame in tables.items():
        con.register("incoming", frame.to_arrow())
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM incoming")
        con.unregister("incoming")
    return dict(con.execute(f"FROM {call}").fetchall())


def same(found: dict[str, float | None], expected: dict[str, float]) -> None:
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=1e-9, abs=1e-12), name


# ---- classification ----


def classification(labels, scores, threshold: float) -> dict[str, float]:
    """Return what scikit-learn says; its warnings about a class that is not there are no news."""
    guesses = scores >= threshold
    tn, fp, fn, tp = sk.confusion_matrix(labels, guesses, labels=[False, True]).ravel()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = {
            "accuracy": sk.accuracy_score(labels, guesses),
            "precision": sk.precision_score(labels, guesses),
            "recall": sk.recall_score(labels, guesses),
            "f1": sk.f1_score(labels, guesses),
            "balanced_accuracy": sk.balanced_accuracy_score(labels, guesses),
            "specificity": sk.recall_score(labels, guesses, pos_label=False),
            "log_loss": sk.log_loss(labels, scores, labels=[False, True]),
            "brier": sk.brier_score_loss(labels, scores, pos_label=True),
        }
    if 0 < labels.sum() < len(labels):
        found["auc"] = sk.roc_auc_score(labels, scores)
        found["average_precision"] = sk.average_precision_score(labels, scores)
    counts = {"true_positives": tp, "false_positives": fp, "true_negatives": tn}
    sizes = {"false_negatives": fn, "rows": len(labels), "positives": labels.sum()}
    return found | counts | sizes


def check_classification(con, labels, scores, threshold: float = 0.5) -> None:
    frame = pl.DataFrame({"label": labels, "probability": scores})
    call = f"evaluate_classification(frame, threshold := {threshold!r}::DOUBLE)"
    found = measured(con, call, frame=frame)
    expected = classification(labels, scores, threshold)
    same(found, expected)
    for name in ("auc", "average_precision"):
        assert (found[name] is None) == (name not in expected)


@few
@given(st.lists(st.tuples(st.booleans(), probabilities), min_size=1, max_size=40), probabilities)
def test_classification_is_that_of_scikit_learn(con, rows, threshold):
    labels, scores = (np.array(column) for column in zip(*rows, strict=True))
    check_classification(con, labels, scores, threshold)


@pytest.mark.parametrize("decimals", [1, 2, 17])
def test_classification_of_many_rows(con, decimals):
    random = np.random.default_rng(3)
    scores = random.random(20_000).round(decimals)
    check_classification(con, random.random(20_000) < scores**2, scores, 0.3)


def test_calibration_error_of_distinct_scores(con):
    random = np.random.default_rng(4)
    scores = random.random(1000)
    labels = random.random(1000) < scores**2
    bins = np.argsort(scores).reshape(10, 100)
    gaps = np.abs(scores[bins].mean(axis=1) - labels[bins].mean(axis=1))
    frame = pl.DataFrame({"label": labels, "probability": scores})
    same(
        measured(con, "evaluate_classification(frame)", frame=frame),
        {"calibration_error": gaps.mean()},
    )


def test_a_positive_label_may_be_named(con):
    random = np.random.default_rng(5)
    scores, labels = random.random(50).round(1), random.random(50) < 0.5
    frame = pl.DataFrame({"label": np.where(labels, "left", "stayed"), "probability": scores})
    found = measured(con, "evaluate_classification(frame, positive := 'left')", frame=frame)
    same(found, classification(labels, scores, 0.5))
    found = measured(con, "evaluate_classification(frame)")
    same(found, classification(~labels, scores, 0.5))


# ---- regression ----


def regression(actual, predicted) -> dict[str, float]:
    errors = np.abs(actual - predicted)
    sizes = np.abs(actual) + np.abs(predicted)
    found = {
        "mse": sk.mean_squared_error(actual, predicted),
        "rmse": sk.root_mean_squared_error(actual, predicted),
        "mae": sk.mean_absolute_error(actual, predicted),
        "median_absolute_error": sk.median_absolute_error(actual, predicted),
        "bias": np.mean(predicted - actual),
        "smape": 200
        * np.mean(np.divide(errors, sizes, out=np.zeros_like(errors), where=sizes > 0)),
        "rows": len(actual),
    }
    if len(actual) > 1 and np.ptp(actual) > 0:
        found["r2"] = sk.r2_score(actual, predicted)
    if np.any(there := actual != 0):
        found["mape"] = sk.mean_absolute_percentage_error(actual[there], predicted[there])
        found["wape"] = errors.sum() / np.abs(actual).sum()
    return found


@few
@given(st.lists(st.tuples(values, values), min_size=1, max_size=30))
def test_regression_is_that_of_scikit_learn(con, rows):
    # What is too small to square is no error to either.
    actual, predicted = (np.array(column).round(6) for column in zip(*rows, strict=True))
    frame = pl.DataFrame({"actual": actual, "predicted": predicted})
    found = measured(con, "evaluate_regression(frame)", frame=frame)
    expected = regression(actual, predicted)
    same(found, expected)
    assert (found["mape"] is None) == ("mape" not in expected) == (found["wape"] is None)
    assert (found["r2"] is None) == (len(rows) < 2)


def test_regression_far_from_zero(con):
    actual = 1e9 + np.random.default_rng(6).normal(size=10_000)
    frame = pl.DataFrame({"actual": actual, "predicted": actual + 0.5})
    found = measured(con, "evaluate_regression(frame)", frame=frame)
    assert found["r2"] == pytest.approx(sk.r2_score(actual, actual + 0.5), rel=1e-5)


@pytest.mark.parametrize("name", ["evaluate_classification", "evaluate_regression"])
def test_rows_with_null_take_no_part(con, name):
    first, second = {"evaluate_classification": ("label", "probability")}.get(
        name, ("actual", "predicted")
    )
    random = np.random.default_rng(7)
    frame = pl.DataFrame({first: random.integers(0, 2, 60), second: random.random(60)})
    gaps = pl.DataFrame({first: [None, 1, None], second: [0.5, None, None]}, schema=frame.schema)
    assert measured(con, f"{name}(frame)", frame=frame) == pytest.approx(
        measured(con, f"{name}(frame)", frame=pl.concat([gaps, frame, gaps]))
    )


# ---- ranking ----


@few
@given(st.data(), st.integers(1, 8))
def test_ranking_is_that_of_the_models(con, data, k):
    n_users, n_items = 6, 9
    items = st.lists(st.integers(0, n_items - 1), unique=True, max_size=7)
    lists = data.draw(st.lists(items, min_size=n_users, max_size=n_users))
    taken = data.draw(st.lists(items, min_size=n_users, max_size=n_users))
    shown = [(u, i, at) for u, row in enumerate(lists) for at, i in enumerate(row, start=1)]
    pairs = [(u, i) for u, row in enumerate(taken) for i in row]
    # The catalogue is what occurs: each item is in the list of somebody without truth.
    shown += [(n_users, item, item + 1) for item in range(n_items)]
    frame = pl.DataFrame(
        shown, schema={"user_id": pl.Int64, "item_id": pl.Int64, "rank": pl.Int64}, orient="row"
    )
    truth = pl.DataFrame(pairs, schema={"user_id": pl.Int64, "item_id": pl.Int64}, orient="row")
    found = measured(
        con,
        f"evaluate_ranking(frame, 'truth', k := {k})",
        frame=frame.sample(fraction=1, shuffle=True, seed=1),
        truth=truth,
    )
    places = np.full((n_users, k), -1, dtype=np.int32)
    for user, row in enumerate(lists):
        places[user, : len(row[:k])] = row[:k]
    coded = truth.select(
        pl.col("user_id").cast(pl.Int32).alias("user"),
        pl.col("item_id").cast(pl.Int32).alias("item"),
        pl.lit(1.0).alias("weight"),
    )
    there = interactions(coded, n_users=n_users, n_items=n_items)
    vectors = np.zeros((n_items, 1), dtype=np.float32)
    expected = ranking_metrics(places, there, k=k, train=there, vectors=vectors)
    same(found, {name: expected[name] for name in found})
    assert set(expected) - set(found) == {"diversity", "novelty"}


# ---- splits ----


@few
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2)), max_size=40),
    st.floats(0.01, 0.99),
    st.sampled_from(["random", "time", "group"]),
    st.booleans(),
)
def test_a_split_keeps_rows_and_together_what_belongs_together(con, rows, test, strategy, strata):
    frame = pl.DataFrame(rows, schema={"ts": pl.Int64, "user_id": pl.Int64}, orient="row")
    stratify = ", stratify_col := 'user_id'" if strata and strategy != "group" else ""
    call = f"train_test_split(frame, test := {test}, strategy := '{strategy}'{stratify})"
    con.register("incoming", frame.to_arrow())
    con.execute("CREATE OR REPLACE TEMP TABLE frame AS FROM incoming")
    con.unregister("incoming")
    parts = con.execute(f"FROM {call}").fetchall()
    assert sorted(row[:2] for row in parts) == sorted(rows)
    keys = {"random": lambda row: row[:2], "group": lambda row: row[1]}
    key = keys.get(strategy, lambda row: (row[0], row[1] if strata else 0))
    sides: dict[object, set[str]] = {}
    for row in parts:
        sides.setdefault(key(row), set()).add(row[2])
    assert all(len(side) == 1 for side in sides.values())
    if strategy == "time" and not strata:
        times = {side: [row[0] for row in parts if row[2] == side] for side in ("train", "test")}
        assert max(times["train"], default=-1) < min(times["test"], default=9)


@few
@given(st.integers(0, 60), st.floats(0.01, 0.99), st.integers(1, 7), st.integers(0, 9))
def test_the_share_is_as_near_as_whole_rows_allow(con, n, test, strata, seed):
    split = f"train_test_split(t, test := {test}, seed := {seed}, stratify_col := 's')"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE t AS SELECT i, i * i % {strata} AS s FROM range({n}) _(i)"
    )
    rows = con.execute(
        f"SELECT count(*), count_if(split = 'test') FROM {split} GROUP BY s"
    ).fetchall()
    assert abs(sum(tests for _, tests in rows) - test * n) <= 0.5 + 1e-9
    assert all(abs(tests - test * size) <= 1 + 1e-9 for size, tests in rows)


def test_splits_of_two_seeds_have_nothing_to_do_with_each_other(con):
    con.execute("CREATE OR REPLACE TEMP TABLE t AS SELECT i FROM range(4000) AS _(i)")
    split = "train_test_split(t, test := 0.25, seed := {})"
    query = f"SELECT i FROM {split} WHERE split = 'test'"
    tests = [set(con.execute(query.format(seed)).fetchall()) for seed in range(6)]
    shared = [len(one & other) for at, one in enumerate(tests) for other in tests[:at]]
    # 250 by chance, give or take five times 12.
    assert 190 < min(shared) <= max(shared) < 310


# ---- names ----

CALLS = {
    "evaluate_classification": "{}, label_col := 'flag', probability_col := 'share'",
    "evaluate_regression": "{}, actual_col := 'flag', predicted_col := 'share'",
    "evaluate_ranking": "{}, '{}', user_col := 'flag', item_col := 'place', rank_col := 'place'",
    "train_test_split": "{}, strategy := 'time', time_col := 'place', stratify_col := 'flag'",
}


@pytest.mark.parametrize("name", CALLS)
def test_names_of_relations_and_columns_do_not_matter(con, name):
    columns = "SELECT i % 2 AS flag, i / 20 AS share, i AS place FROM range(20) AS _(i)"
    con.execute(f"CREATE OR REPLACE TEMP TABLE plain AS {columns}")
    output = "flag, share, place, split" if name == "train_test_split" else "*"
    call = f"SELECT {output} FROM {name}({CALLS[name]})"
    expected = con.execute(call.format("plain", "plain")).fetchall()
    words = {word.lower() for word in identifiers(name)} - {"flag", "share", "place", "split"}
    extra = ", ".join(f"'{word}?' AS \"{word}\"" for word in sorted(words))
    con.execute(f"CREATE OR REPLACE TEMP TABLE wide AS SELECT {extra}, * FROM plain")
    assert con.execute(call.format("wide", "wide")).fetchall() == expected
    named = {word for word in words if word.startswith("_")} | {"data", "truth", "test", "k", "t"}
    for relation in sorted(named):
        cte = f'WITH "{relation}" AS (FROM plain) '
        quoted = f"'{relation}'"
        found = con.execute(cte + call.replace("'{}'", "{}").format(quoted, quoted)).fetchall()
        assert found == expected, relation


@pytest.mark.parametrize("name", CALLS)
def test_columns_may_be_named_like_anything_inside(con, name):
    words = sorted({word.lower() for word in identifiers(name)} - {"split"})
    old, answers = ("flag", "share", "place"), set()
    columns = "SELECT i % 2 AS flag, i / 20 AS share, i AS place FROM range(20) AS _(i)"
    for start in range(0, len(words) - 2, 3):
        roles = dict(zip(old, words[start : start + 3], strict=True))
        renamed = ", ".join(f'{one} AS "{other}"' for one, other in roles.items())
        con.execute(f"CREATE OR REPLACE TEMP TABLE plain AS SELECT {renamed} FROM ({columns})")
        call = CALLS[name].format("plain", "plain")
        for one, other in roles.items():
            call = call.replace(f"_col := '{one}'", f"_col := '{other}'")
        answers.add(repr(con.execute(f"FROM {name}({call})").fetchall()))
    assert len(answers) == 1


def test_threads_and_order_change_nothing_but_rounding(con):
    frame = (
        "SELECT hash(i) % 2 AS label, hash(-i) % 1000 / 999 AS probability FROM range(300000) _(i)"
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE many AS {frame}")
    con.execute("CREATE OR REPLACE TEMP TABLE turned AS FROM many ORDER BY probability, label")
    found = measured(con, "evaluate_classification(many)")
    con.execute("SET threads = 1")
    turned = measured(con, "evaluate_classification(turned)")
    con.execute("RESET threads")
    assert all(math.isclose(found[name], turned[name], rel_tol=1e-9) for name in found)
