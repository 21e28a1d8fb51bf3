"""The cache of models: bounded, least recently used out first, safe between threads."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecomsql import progress
from ecomsql.cache import Cache, bytes_key, content_key
from ecomsql.errors import DataError, Stopped


@dataclass(frozen=True)
class Thing:
    nbytes: int


def test_the_least_recently_used_goes_first():
    cache = Cache(limit=100)
    for name in "abc":
        cache.put(name, Thing(30))
    assert cache.get("a") == Thing(30)
    cache.put("d", Thing(30))
    assert cache.get("b") is None
    assert [cache.get(name) for name in "acd"] == [Thing(30)] * 3
    assert cache.nbytes == 90


def test_the_newest_stays_whatever_its_size():
    cache = Cache(limit=100)
    cache.put("small", Thing(1))
    cache.put("huge", Thing(1000))
    assert cache.get("small") is None
    assert cache.get("huge") == Thing(1000)
    cache.put("next", Thing(1))
    assert cache.get("huge") is None


def test_putting_again_replaces():
    cache = Cache(limit=100)
    cache.put("a", Thing(60))
    cache.put("a", Thing(70))
    assert (cache.nbytes, cache.get("a")) == (70, Thing(70))
    cache.clear()
    assert (cache.nbytes, cache.get("a")) == (0, None)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 60)), max_size=40))
def test_stays_within_the_limit(puts):
    cache = Cache(limit=100)
    for name, size in puts:
        cache.put(str(name), Thing(size))
        assert cache.nbytes <= 100
        assert cache.get(str(name)) == Thing(size)


def test_many_threads():
    cache = Cache(limit=1000)
    errors: list[BaseException] = []

    def work(seed: int) -> None:
        random = np.random.default_rng(seed)
        try:
            for name in random.integers(0, 50, 500):
                found = cache.get(str(name))
                assert found is None or found.nbytes == name
                cache.put(str(name), Thing(int(name)))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert errors == []
    assert cache.nbytes <= 1000


DATA = (np.array([1, 2, 3], np.int32), np.array([1.0, 2.0, 3.0], np.float32))


@pytest.mark.parametrize(
    "other",
    [
        (DATA, {"k": 11}),
        ((DATA[1], DATA[0]), {"k": 10}),
        ((DATA[0], None), {"k": 10}),
        ((*DATA, None), {"k": 10}),
        ((DATA[0].astype(np.int64), DATA[1]), {"k": 10}),
        ((DATA[0].reshape(3, 1), DATA[1]), {"k": 10}),
        ((DATA[0][::-1], DATA[1]), {"k": 10}),
    ],
)
def test_other_content_has_another_key(other):
    assert content_key(*other) != content_key(DATA, {"k": 10})


def test_equal_content_has_the_same_key():
    strided = np.repeat(DATA[0], 2)[::2]
    assert content_key((strided, DATA[1].copy()), {"k": 10}) == content_key(DATA, {"k": 10})
    assert content_key((), {"a": 1, "b": 2}) == content_key((), {"b": 2, "a": 1})


def test_a_query_whose_state_was_pushed_out_says_so(con, monkeypatch):
    from ecomsql.cache import CACHE

    monkeypatch.setattr(CACHE, "limit", 0)
    asked = "SELECT count(*) FROM recommend(board, k := 1, method := 'popular')"
    assert con.execute(asked).fetchall() == [(6,)]
    con.execute("CREATE TABLE m AS FROM train_recommender(board, method := 'item_knn')")
    asked = "SELECT count(*) FROM recommend(board, k := 1, model := 'm')"
    assert con.execute(asked).fetchall() == [(6,)]


def test_the_key_of_bytes_follows_from_all_of_them():
    whole = bytearray(np.random.default_rng(0).integers(0, 256, 100_003, dtype=np.uint8).tobytes())
    key = bytes_key(bytes(whole))
    assert bytes_key(memoryview(bytes(whole))) == key
    for at in (0, 7, 32_768, 65_535, 99_999, 100_002):
        other = bytearray(whole)
        other[at] ^= 1
        assert bytes_key(bytes(other)) != key
    swapped = whole[32_768:65_536] + whole[:32_768] + whole[65_536:]
    assert len({key, bytes_key(bytes(swapped)), bytes_key(bytes(whole[:-1])), bytes_key(b"")}) == 4


def together(cache, calls, *, seconds=20):
    """Run calls in threads of their own; return what each returned or raised."""
    found: list[object] = [None] * len(calls)

    def work(at):
        try:
            found[at] = calls[at]()
        except BaseException as error:
            found[at] = error

    threads = [threading.Thread(target=work, args=(at,), daemon=True) for at in range(len(calls))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(seconds)
    assert not any(one.is_alive() for one in threads)
    assert (cache._making, cache._waiting) == ({}, {})
    return found


class Maker:
    """Makes things slowly, and counts; the first attempts fail."""

    def __init__(self, failures=0):
        self.attempts = 0
        self.failures = failures

    def __call__(self):
        self.attempts += 1
        attempt = self.attempts
        time.sleep(0.05)
        if attempt <= self.failures:
            raise DataError(f"attempt {attempt}")
        return Thing(10)


@pytest.mark.parametrize("limit", [100, 0])
def test_what_several_threads_ask_for_is_made_once(limit):
    cache, make = Cache(limit), Maker()
    found = together(cache, [lambda: cache.get_or_make("a", make)] * 6)
    assert make.attempts == 1
    assert all(one is found[0] for one in found)
    assert cache.get_or_make("a", make) is found[0]
    assert make.attempts == 1


def test_small_entries_pushed_out_meanwhile_are_still_made_once():
    cache, make = Cache(0), Maker()

    def make_and_push_out():
        cache.put("other", Thing(1000))
        return make()

    found = together(cache, [lambda: cache.get_or_make("a", make_and_push_out)] * 4)
    assert make.attempts == 1
    assert found == [Thing(10)] * 4
    assert cache.nbytes == 10


def test_where_the_first_fails_another_makes_it():
    cache, make = Cache(100), Maker(failures=2)
    found = together(cache, [lambda: cache.get_or_make("a", make)] * 6)
    assert make.attempts == 3
    assert sorted(map(str, found)) == [str(Thing(10))] * 4 + ["attempt 1", "attempt 2"]


def test_each_has_the_error_of_its_own_attempt():
    cache, make = Cache(100), Maker(failures=9)
    found = together(cache, [lambda: cache.get_or_make("a", make)] * 3)
    assert sorted(map(str, found)) == ["attempt 1", "attempt 2", "attempt 3"]
    assert cache.get("a") is None


def test_who_waits_can_be_stopped_and_the_rest_goes_on():
    cache, begun, go_on = Cache(100), threading.Event(), threading.Event()

    def make():
        begun.set()
        assert go_on.wait(20)
        return Thing(10)

    def asked_for(work):
        with progress.working_for(work):
            return cache.get_or_make("a", make)

    def stopped():
        assert begun.wait(20)
        progress.stop(2)
        try:
            return asked_for(2)
        except Stopped:
            return "stopped"
        finally:
            go_on.set()
            progress.resume(2)

    assert together(cache, [lambda: asked_for(1), stopped]) == [Thing(10), "stopped"]


def test_entries_made_of_entries_do_not_wait_in_a_circle():
    cache, both = Cache(100), threading.Barrier(3)

    def asked_for(name, other):
        def make():
            both.wait(20)
            return Thing(cache.get_or_make(other, lambda: Thing(1)).nbytes + 1)

        return lambda: cache.get_or_make(name, make)

    found = together(cache, [asked_for("a", "b"), asked_for("b", "c"), asked_for("c", "a")])
    assert sorted(one.nbytes for one in found) == [2, 3, 4]
    same = Cache(100)
    assert same.get_or_make("a", lambda: same.get_or_make("a", lambda: Thing(7))) == Thing(7)
    assert (same._making, same._waiting) == ({}, {})
