"""Method auto: the right pick on data planted for it, and the reasons told."""

from __future__ import annotations

import numpy as np
import pytest
from knn_data import from_dense

from ecomsql.errors import OptionError
from ecomsql.features.interactions import Interactions
from ecomsql.models import selection
from ecomsql.models.fitting import fit, methods
from ecomsql.models.selection import select


def fashions(n_users: int = 120) -> Interactions:
    """Return users who each took 3 of 6 hits and one odd item out of 200: only popularity helps."""
    random = np.random.default_rng(0)
    dense = np.zeros((n_users, 206))
    for user in range(n_users):
        dense[user, random.choice(6, 3, replace=False)] = 1
        dense[user, 6 + user % 200] = 1
    # The odd item came first, so that the last one, which is held out, is a hit.
    times = np.tile(np.r_[random.permutation(6) + 1.0, np.zeros(200)], (n_users, 1))
    return from_dense(dense, times)


def groups(n_users: int = 120) -> Interactions:
    """Return users of 6 groups, each with 10 items of its own and none of the others."""
    random = np.random.default_rng(0)
    dense = np.zeros((n_users, 60))
    for user in range(n_users):
        own = 10 * (user % 6) + random.choice(10, 6, replace=False)
        dense[user, own] = 1
    return from_dense(dense, random.random(dense.shape))


def ratings(n_users: int = 150) -> Interactions:
    """Return ratings: what is rated most is disliked, and what is liked next is rated highest."""
    random = np.random.default_rng(0)
    dense = np.zeros((n_users, 40))
    for user in range(n_users):
        dense[user, random.choice(30, 6, replace=False)] = 1
        dense[user, 30 + random.choice(10, 3, replace=False)] = 5
    times = random.random(dense.shape) + (np.arange(40) >= 30)
    return from_dense(dense, times)


def chosen(data: Interactions, *, feedback: str = "implicit", **options):
    return select(data, seed=1, options=options, feedback=feedback)


def test_popular_where_only_popularity_helps():
    told = chosen(fashions()).metrics["auto"]
    # Others may find the hits as well, never more: the pick is no worse than popularity.
    trials = {name: trial["ndcg"] for name, trial in told["trials"].items()}
    assert trials[told["picked"]] == max(trials.values())
    assert trials["popular"] > 0.3


def test_a_personal_method_where_groups_have_their_own_items():
    model = chosen(groups())
    told = model.metrics["auto"]
    trials = {name: trial["ndcg"] for name, trial in told["trials"].items()}
    assert model.is_personal
    assert trials[told["picked"]] > 3 * trials["popular"]


def test_explicit_where_ratings_say_more_than_counts():
    told = chosen(ratings(), feedback="explicit").metrics["auto"]
    trials = {name: trial["ndcg"] for name, trial in told["trials"].items()}
    assert trials["popular (explicit)"] > 2 * trials["popular"]
    assert trials[told["picked"]] == max(trials.values())


def test_says_what_it_tried_and_why():
    model = chosen(groups())
    told = model.metrics["auto"]
    assert told["picked"] == model.method
    assert told["why"] == "highest NDCG@10 on one held-out item of 120 users"
    assert told["held_out"] == "last item"
    assert set(told["trials"]) >= {"popular", "item_knn", "als", "ease"}
    assert all(trial["seconds"] >= 0 for trial in told["trials"].values())


def test_without_times_one_item_by_chance():
    data = groups()
    untimed = Interactions(data.offsets, data.items, data.weights, None, data.n_items)
    assert chosen(untimed).metrics["auto"]["held_out"] == "one item by chance"


def test_the_winner_is_fitted_on_everything():
    data = groups()
    model = chosen(data)
    again = fit(model.method, data, seed=1, options={})
    for one, other in zip(model.recommend(data, 5), again.recommend(data, 5), strict=True):
        np.testing.assert_array_equal(one, other)


def test_few_users_get_the_safest_method():
    told = chosen(groups(29)).metrics["auto"]
    assert told["picked"] == "item_knn"
    assert told["why"] == "fewer than 30 users have two items to validate on"
    assert "trials" not in told


def test_options_narrow_the_candidates():
    told = chosen(groups(), factors=4).metrics["auto"]
    assert told["picked"] == "als"
    assert told["left_out"]["item_knn"] == "takes no factors"
    told = chosen(groups(), similarity="cosine").metrics["auto"]
    assert set(told["trials"]) <= {"item_knn", "user_knn"}
    assert told["left_out"]["ease"] == "takes no similarity"
    with pytest.raises(OptionError, match="no method that auto tries takes all of: alpha, simil"):
        chosen(groups(), alpha=2.0, similarity="cosine")


def test_a_large_catalogue_leaves_ease_out(monkeypatch):
    monkeypatch.setattr(selection, "EASE_ITEMS", 59)
    told = chosen(groups()).metrics["auto"]
    assert told["left_out"]["ease"] == "60 items: more than 59"
    assert "ease" not in told["trials"]


def test_large_data_is_validated_on_a_sample(monkeypatch):
    monkeypatch.setattr(selection, "VALIDATION_PAIRS", 400)
    told = chosen(groups()).metrics["auto"]
    users = int(told["why"].split()[-2])
    assert 30 <= users < 100
    monkeypatch.setattr(selection, "VALIDATION_PAIRS", 1_000_000)
    monkeypatch.setattr(selection, "VALIDATION_USERS", 40)
    assert chosen(groups()).metrics["auto"]["why"].endswith("held-out item of 40 users")


def test_same_seed_same_pick():
    one, other = (chosen(ratings(), feedback="explicit").metrics["auto"] for _ in range(2))
    assert one["picked"] == other["picked"]
    scores = [{k: v["ndcg"] for k, v in told["trials"].items()} for told in (one, other)]
    assert scores[0] == scores[1]


def test_fit_takes_names_in_any_case_and_refuses_others():
    data = groups(30)
    assert fit("POPULAR", data, seed=1, options={"feedback": None}).method == "popular"
    assert methods()[-1] == "auto"
    with pytest.raises(OptionError, match="did you mean 'item_knn'"):
        fit("itemknn", data, seed=1, options={})
    with pytest.raises(OptionError, match="'content' is not available yet"):
        fit("content", data, seed=1, options={})
    with pytest.raises(OptionError, match="method 'popular' has no option 'factors'"):
        fit("popular", data, seed=1, options={"factors": 3})


def test_ratings_are_explicit_unless_said_otherwise():
    data = ratings()
    stranger = data.take(np.array([-1]))

    def best(feedback, *, weights):
        model = fit("popular", data, seed=1, options={"feedback": feedback}, feedback=weights)
        return int(model.recommend(stranger, 1)[0][0, 0])

    assert best(None, weights="explicit") == best("explicit", weights="implicit") >= 30
    assert best("implicit", weights="explicit") == best(None, weights="implicit")


def test_what_may_be_taken_again_leaves_ease_out():
    model = selection.select(groups(), seed=1, options={}, feedback="implicit", repeats=True)
    told = model.metrics["auto"]
    assert told["left_out"]["ease"].startswith("gives no item a weight for itself")
    assert "ease" not in told["trials"]
