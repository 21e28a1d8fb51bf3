"""Many threads with cursors of one database: what all ask for is trained once, and nobody hangs."""

from __future__ import annotations

import threading

import duckdb
import pytest
from board import BOARD

import ecomsql
from ecomsql.cache import CACHE
from ecomsql.errors import DataError
from ecomsql.models.trained import Trained
from ecomsql.work import Work

every_number = pytest.mark.parametrize("threads", [1, 2])
CLIENTS = 4


@pytest.fixture
def cursors():
    """A database with `board`, and nothing trained before."""
    CACHE.clear()
    with ecomsql.connect() as con:
        con.execute(BOARD)
        yield [ecomsql.register(con.cursor()) for _ in range(CLIENTS)]
    CACHE.clear()


class Trainer:
    """Fits in the place of `Trained.fit`, once `go_on` is set; counts, and fails at first."""

    def __init__(self, monkeypatch, failures=0):
        self.attempts, self.failures = 0, failures
        self.begun, self.go_on = threading.Event(), threading.Event()
        self._fit = Trained.fit
        monkeypatch.setattr(Trained, "fit", self)

    def __call__(self, *args, **options):
        self.attempts += 1
        attempt = self.attempts
        self.begun.set()
        assert self.go_on.wait(60)
        if attempt <= self.failures:
            raise DataError("not this time")
        return self._fit(*args, **options)


def ask(cursors, queries, meanwhile):
    """Run a query on each cursor in a thread of its own; return the answers, or the errors."""
    found: list[object] = [None] * len(cursors)

    def work(at):
        try:
            found[at] = cursors[at].execute(queries[at]).fetchall()
        except duckdb.Error as error:
            found[at] = str(error)

    threads = [threading.Thread(target=work, args=(at,)) for at in range(len(cursors))]
    for one in threads:
        one.start()
    meanwhile()
    for one in threads:
        one.join(60)
    assert not any(one.is_alive() for one in threads)
    return found


def waiting(count):
    """Wait until as many threads wait for what another one makes."""
    pause = threading.Event()
    for _ in range(600):
        if len(CACHE._waiting) >= count:
            return
        pause.wait(0.05)
    raise AssertionError(f"{len(CACHE._waiting)} wait")


@every_number
def test_the_same_question_is_trained_once(cursors, monkeypatch, threads):
    cursors[0].execute(f"SET threads = {threads}")
    trainer = Trainer(monkeypatch)
    query = "FROM recommend(board, k := 2, method := 'item_knn') ORDER BY ALL"

    def meanwhile():
        waiting(CLIENTS - 1)
        trainer.go_on.set()

    found = ask(cursors, [query] * CLIENTS, meanwhile)
    assert trainer.attempts == 1
    assert len(found[0]) == 12
    assert found == [found[0]] * CLIENTS


@every_number
def test_other_questions_of_the_same_data_train_it_once(cursors, monkeypatch, threads):
    cursors[0].execute(f"SET threads = {threads}")
    trainer = Trainer(monkeypatch)
    query = "SELECT count(*) FROM recommend(board, k := {}, method := 'item_knn')"

    def meanwhile():
        waiting(CLIENTS - 1)
        trainer.go_on.set()

    found = ask(cursors, [query.format(k) for k in range(1, CLIENTS + 1)], meanwhile)
    assert trainer.attempts == 1
    assert found == [[(6 * k,)] for k in range(1, CLIENTS + 1)]


@every_number
def test_where_the_first_fails_another_trains(cursors, monkeypatch, threads):
    cursors[0].execute(f"SET threads = {threads}")
    trainer = Trainer(monkeypatch, failures=1)
    query = "SELECT count(*) FROM recommend(board, k := 1, method := 'item_knn')"

    def meanwhile():
        waiting(CLIENTS - 1)
        trainer.go_on.set()

    found = ask(cursors, [query] * CLIENTS, meanwhile)
    assert trainer.attempts == 2
    assert sorted("not this time" in str(one) for one in found) == [False] * 3 + [True]
    assert found.count([(6,)]) == 3


@every_number
def test_who_waits_for_another_s_training_is_stopped_alone(cursors, monkeypatch, threads):
    cursors[0].execute(f"SET threads = {threads}")
    trainer = Trainer(monkeypatch)
    works = [Work(one) for one in cursors]
    query = "SELECT count(*) FROM recommend(board, k := 1, method := 'item_knn')"

    def meanwhile():
        waiting(CLIENTS - 1)
        idle = threading.Event()
        # Which one trains is not known: of those that are stopped, it alone goes on.
        for work in works[:2]:
            work.stop()
        for _ in range(600):
            if len(CACHE._waiting) <= CLIENTS - 2:
                break
            idle.wait(0.05)
        trainer.go_on.set()

    found = ask(cursors, [query] * CLIENTS, meanwhile)
    stopped = [str(one) for one in found if one != [(6,)]]
    assert found[2:] == [[(6,)]] * 2
    assert stopped
    for one in works:
        one.resume()
    assert cursors[0].execute(query).fetchall() == [(6,)]
