"""Every call of a UDF tells whose work it is, and one connection's work is stopped alone."""

from __future__ import annotations

import threading

import duckdb
import pytest
from board import BOARD

import ecomsql
from ecomsql import catalogue, progress, udf
from ecomsql.errors import RegistrationError, Stopped
from ecomsql.models.workers import workers
from ecomsql.work import Work, told

LONG = "SELECT method FROM train_recommender(board, method := 'als', iterations := 100000000)"
SHORT = "SELECT method FROM train_recommender(board, method := 'als', iterations := 3)"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("SELECT _f()", "SELECT _f(w)"),
        ("SELECT _f( /* none */ )", "SELECT _f( /* none */ w)"),
        ("SELECT _f(a -- b)\n)", "SELECT _f(a -- b)\n, w)"),
        ("SELECT _f(_g((1), 2), (3))", "SELECT _f(_g((1), 2, w), (3), w)"),
        ("SELECT _f ('it''s ) (', \"a)\")", "SELECT _f ('it''s ) (', \"a)\", w)"),
        ("SELECT _f(E'\\') (', 1)", "SELECT _f(E'\\') (', 1, w)"),
        ("SELECT _f($$ ) $$, $x$ $$ ) $x$)", "SELECT _f($$ ) $$, $x$ $$ ) $x$, w)"),
        ("SELECT '_f(1)', \"_f\"(1) -- _f(1)", "SELECT '_f(1)', \"_f\"(1) -- _f(1)"),
        ("FROM a.main._f(1), _fx(2), x_f(3)", "FROM a.main._f(1), _fx(2), x_f(3)"),
        ("WITH _f AS (SELECT 1) SELECT (2)", "WITH _f AS (SELECT 1) SELECT (2)"),
        ("SELECT _f(*COLUMNS(*)).a[1:2]", "SELECT _f(*COLUMNS(*), w).a[1:2]"),
    ],
)
def test_a_call_gets_one_more_argument(statement, expected):
    assert told(statement, {"_f", "_g"}, "w") == expected


@pytest.mark.parametrize("statement", ["SELECT _f(1", "SELECT 1)"])
def test_brackets_that_do_not_match_are_an_error(statement):
    with pytest.raises(ValueError, match="a bracket is"):
        told(statement, {"_f"}, "w")


def test_every_call_of_the_catalogue_is_told():
    names = {record.name for record in udf.records() if record.knows_work}
    plain = sum(one.statement.count(f" {name}(") for one in catalogue.macros() for name in names)
    calls = [told(one.statement, names, "«work»").count("«work»") for one in catalogue.macros()]
    assert sum(calls) >= plain > 40


@pytest.fixture
def two():
    """Two cursors of one database with `board`, and what stops each."""
    with ecomsql.connect() as con:
        con.execute(BOARD)
        cursors = [ecomsql.register(con.cursor()) for _ in range(2)]
        works = [Work(one) for one in cursors]
        yield cursors, works
        for one in works:
            one.resume()


@pytest.fixture
def training(monkeypatch):
    """The numbers of the work that is in its iterations."""
    import ecomsql.models.implicit_als

    seen = {}

    def track(steps, label, **more):
        seen.setdefault(progress.current_work(), threading.Event()).set()
        return progress.track(steps, label, **more)

    monkeypatch.setattr(ecomsql.models.implicit_als, "track", track)
    return lambda work: seen.setdefault(work.number, threading.Event())


def run(con, query):
    """Run a query in a thread; return the thread and where its answer will be."""
    found = []

    def ask():
        try:
            found.append(con.execute(query).fetchall())
        except duckdb.Error as error:
            found.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    return thread, found


def is_stopped(found):
    """Whether a query has ended because it was stopped, as the model or as DuckDB says it."""
    [error] = found
    return isinstance(error, duckdb.InterruptException) or "stopped on request" in str(error)


@pytest.mark.parametrize("threads", [1, 2])
def test_one_connection_is_stopped_alone(two, training, threads):
    (first, second), (one, other) = two
    first.execute(f"SET threads = {threads}")
    running = [run(con, f"{LONG[:-1]} + {n})") for n, con in enumerate((first, second))]
    assert training(one).wait(60)
    assert training(other).wait(60)
    one.stop()
    thread, found = running[0]
    thread.join(10)
    assert is_stopped(found)
    assert running[1][1] == []
    other.stop()
    thread, found = running[1]
    thread.join(10)
    assert is_stopped(found)
    # Until it resumes, it is stopped at once; then it goes on as ever.
    with pytest.raises(duckdb.Error, match="stopped on request"):
        first.execute(LONG)
    one.resume()
    assert first.execute(SHORT).fetchall() == [("als",)]


CALLS = {
    "a view": ("CREATE OR REPLACE VIEW v AS {}", "FROM v"),
    "a prepared statement": ("PREPARE p AS {}", "EXECUTE p"),
    "a table": (None, "CREATE OR REPLACE TABLE t AS {}"),
    "a row of another relation": (None, "SELECT (SELECT count(*) FROM ({})) FROM range(2)"),
    "each row of another relation": (
        None,
        "FROM range(2) AS o(x), LATERAL (WITH b AS (SELECT * FROM board WHERE user_id >= x) "
        "SELECT method FROM train_recommender(b, method := 'als', iterations := 100000000))",
    ),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_model_knows_whose_it_is_wherever_it_is_called(two, training, call):
    (con, _), (work, _) = two
    before, query = CALLS[call]
    if before is not None:
        con.execute(before.format(LONG))
    thread, found = run(con, query.format(LONG))
    assert training(work).wait(60)
    work.stop()
    thread.join(10)
    assert is_stopped(found)


def test_instances_count_their_connections_apart():
    with ecomsql.connect() as one, ecomsql.connect() as other:
        numbers = {Work(con).number for con in (one, other, one.cursor(), other.cursor())}
        assert len(numbers) == 4
        assert Work(one).number in numbers


def test_without_the_functions_there_is_nothing_to_stop():
    with duckdb.connect() as con, pytest.raises(RegistrationError, match=r"ecomsql\.register"):
        Work(con)


def test_a_checkpoint_looks_at_its_own_work():
    progress.stop(7)
    try:
        progress.checkpoint()
        with progress.working_for(8):
            progress.checkpoint()
        with progress.working_for(7), pytest.raises(Stopped):
            progress.checkpoint()
        progress.checkpoint()
    finally:
        progress.resume(7)
    with progress.working_for(7):
        progress.checkpoint()


def test_stopping_everything_stops_the_work_of_a_number():
    progress.stop()
    try:
        with progress.working_for(7), pytest.raises(Stopped):
            progress.checkpoint()
    finally:
        progress.resume()


def test_threads_of_a_pool_work_for_the_same():
    seen = []
    with progress.working_for(7), workers() as spread:
        spread(lambda _: seen.append(progress.current_work()), range(20))
    assert seen == [7] * 20


def test_nothing_is_left_of_a_call(two):
    (con, _), (work, _) = two
    assert con.execute(SHORT).fetchall() == [("als",)]
    assert progress.current_work() is None
    assert work.number not in progress._stopped
