"""Sessions see one another, and end those of their own user."""

from __future__ import annotations

import datetime
import threading
import time

import pytest
from clients import needs
from running_server import serving

psycopg = needs("psycopg", "psycopg[binary]")

LONG = "SELECT count(*) FROM range(10000000000) a, range(1000) b"


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A server with two users, which only reads."""
    folder = tmp_path_factory.mktemp("shared")
    users = folder / "users"
    users.write_text("anna:a\nben:b\n")
    users.chmod(0o600)
    with serving(folder, "--users", str(users), "--read-only") as running:
        yield running


@pytest.fixture
def enter(shared):
    """Let somebody in."""
    inside = []

    def come(user: str, **more: str):
        known = {"host": shared.host, "port": shared.port, "dbname": "postgres"}
        con = psycopg.connect(**known, user=user, password=user[0], autocommit=True, **more)
        inside.append(con)
        return con

    yield come
    for con in inside:
        con.close()


def until(happened) -> None:
    """Wait for something, not for ever."""
    end = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)


class Busy:
    """A connection that does something endless, in a thread of its own."""

    def __init__(self, con) -> None:
        self.pid = con.info.backend_pid
        self.error: Exception | None = None
        self._con = con
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._con.execute(LONG)
        except psycopg.Error as error:
            self.error = error

    def begun(self, other) -> Busy:
        """Wait until another session sees it at work."""
        query = "SELECT state FROM pg_stat_activity WHERE pid = %s"
        until(lambda: other.execute(query, [self.pid]).fetchone() == ("active",))
        return self

    def ended(self) -> Exception | None:
        """Wait for its end, and return the error."""
        self._thread.join(timeout=20)
        assert not self._thread.is_alive()
        return self.error


def test_who_is_there(enter):
    anna, ben = enter("anna", application_name="till"), enter("ben")
    anna.execute("BEGIN")
    rows = ben.execute(
        "SELECT pid, usename, application_name, client_addr, state, backend_start, query"
        " FROM pg_catalog.pg_stat_activity WHERE datname = current_database() ORDER BY pid"
    ).fetchall()
    assert [row[:5] for row in rows] == [
        (anna.info.backend_pid, "anna", "till", "127.0.0.1", "idle in transaction"),
        (ben.info.backend_pid, "ben", "", "127.0.0.1", "active"),
    ]
    age = datetime.datetime.now(datetime.UTC) - rows[0][5]
    assert datetime.timedelta() <= age < datetime.timedelta(minutes=1)
    # What others ask is not told.
    assert {row[6] for row in rows} == {None}


def test_a_query_of_ones_own_is_cancelled(enter):
    con, other = enter("anna"), enter("anna")
    busy = Busy(con).begun(other)
    assert other.execute(f"SELECT pg_cancel_backend({busy.pid})").fetchone() == (True,)
    assert isinstance(busy.ended(), psycopg.errors.QueryCanceled)
    assert con.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize("is_prepared", [False, True])
def test_a_session_of_ones_own_is_ended(enter, is_prepared):
    con, other = enter("anna"), enter("anna")
    busy = Busy(con).begun(other)
    # As Superset does it.
    query = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid='{busy.pid}'"
    assert other.execute(query, prepare=is_prepared).fetchall() == [(True,)]
    assert isinstance(busy.ended(), psycopg.OperationalError)
    assert con.closed
    until(lambda: other.execute(query, prepare=is_prepared).fetchall() == [])
    idle = enter("anna")
    assert other.execute(f"SELECT pg_terminate_backend({idle.info.backend_pid})").fetchone()[0]
    with pytest.raises(psycopg.errors.AdminShutdown, match="terminating connection"):
        idle.execute("SELECT 1")


def test_sessions_of_others_are_left_alone(enter):
    # Who somebody is, is what was proved at the door.
    anna, ben = enter("anna"), enter("ben", options="-c session_authorization=anna")
    busy = Busy(anna).begun(ben)
    for call in ("pg_cancel_backend", "pg_terminate_backend"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="is another user's"):
            ben.execute(f"SELECT {call}({busy.pid})")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ben.execute(f"SELECT _end_session({busy.pid}, 'ä guess', true)")
    state = "SELECT state FROM pg_stat_activity WHERE pid = %s"
    assert ben.execute(state, [busy.pid]).fetchone() == ("active",)
    anna.cancel()
    assert isinstance(busy.ended(), psycopg.errors.QueryCanceled)


def test_numbers_of_no_session(enter):
    con = enter("anna")
    query = "SELECT pg_cancel_backend(0), pg_terminate_backend(-5), pg_cancel_backend(NULL)"
    assert con.execute(query).fetchone() == (False, False, None)


@pytest.mark.parametrize("kind", ["VIEW x AS", "MACRO x() AS"])
def test_nothing_keeps_the_right_to_end_sessions(server, kind):
    with (
        psycopg.connect(server.dsn, autocommit=True) as con,
        pytest.raises(psycopg.errors.UndefinedFunction, match="pg_cancel_backend"),
    ):
        con.execute(f"CREATE TEMP {kind} (SELECT pg_cancel_backend(1) AS gone)")
