"""A pool of threads that do the work of the thread that hands it to them."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError

import pytest

from ecomsql import progress
from ecomsql.threads import Threads


def test_answers_come_in_order_and_errors_come_back():
    with Threads(3) as pool:
        assert list(pool.map(lambda one: one * one, range(50))) == [one * one for one in range(50)]
        failing = pool.submit(lambda: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            failing.result(10)
        assert pool.submit(divmod, 7, 2).result(10) == (3, 1)


def test_each_thread_begins_with_what_it_is_told_to():
    begun = []
    with Threads(3, lambda: begun.append(threading.get_ident())) as pool:
        used = set(pool.map(lambda _: threading.get_ident(), range(9)))
    assert len(begun) == 3
    assert used <= set(begun)


def test_threads_work_for_whoever_hands_them_the_work():
    with Threads(2) as pool:
        found = []
        for work in (None, 1, 2):
            with progress.working_for(work):
                found.append(pool.submit(progress.current_work))
        assert [one.result(10) for one in found] == [None, 1, 2]


def test_what_has_not_begun_can_be_given_up():
    begun, go_on = threading.Event(), threading.Event()

    def slow():
        begun.set()
        return go_on.wait(10)

    pool = Threads(1)
    first, second = pool.submit(slow), pool.submit(slow)
    assert begun.wait(10)
    pool.shutdown(wait=False, cancel_futures=True)
    with pytest.raises(CancelledError):
        second.result(10)
    go_on.set()
    assert first.result(10)
    pool.shutdown()
