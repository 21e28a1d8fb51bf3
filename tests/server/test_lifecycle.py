"""A server's beginning and end, and what it says when it cannot begin."""

from __future__ import annotations

import contextlib
import resource
import signal
import socket
import subprocess
import sys
import time

import pytest
from raw_client import Raw, error_of, message, query, startup, works
from running_server import COMMAND, PASSWORD, serving

import ecomsql
from ecomsql.cli.program import main

SLOW = "SELECT count(*) FROM range(100000000) AS a, range(100000) AS b"


@pytest.fixture
def refused(tmp_path, monkeypatch, capsys):
    """Return the exit code and the message of a server that does not start."""

    def begin(*options: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main(["serve", "--postgres", "127.0.0.1:0", *options])
        out, error = capsys.readouterr()
        assert not out
        return int(ended.value.code or 0), error

    def late(*_: object) -> None:
        raise TimeoutError("the server has started")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ECOMSQL_PASSWORD", PASSWORD)
    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(30)
    yield begin
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def database(tmp_path):
    """A small database file."""
    path = tmp_path / "shop.duckdb"
    with contextlib.closing(ecomsql.connect(path)) as con:
        con.execute("CREATE TABLE t AS SELECT i AS a FROM range(10) AS r (i)")
    return path


def test_an_end_lets_statements_end(tmp_path, database):
    with serving(tmp_path, "-v", database=database) as server:
        with Raw(server) as idle, Raw(server) as busy, Raw(server) as piping, Raw(server) as knock:
            idle.log_in().answer("BEGIN")
            busy.log_in().send(query("SELECT sleep_ms(700)::VARCHAR || 'done'"))
            piping.log_in().send(message(b"P", b"\0SELECT sleep_ms(500)\0\0\0"))
            piping.send(message(b"H")).send(message(b"B", b"\0\0\0\0\0\0\0\0"))
            knock.send(b"\0")
            time.sleep(0.3)
            server.process.send_signal(signal.SIGTERM)
            assert error_of(idle.rest())["C"] == "57P01"
            assert error_of(knock.rest())["C"] == "57P01"
            with pytest.raises(ConnectionRefusedError):
                Raw(server)
            # The commands that have begun end as they would have, up to Sync.
            piping.send(message(b"E", b"\0\0\0\0\0") + message(b"S"))
            found = piping.until(b"Z")
            assert [kind for kind, _ in found][-3:] == [b"D", b"C", b"Z"]
            assert error_of(piping.rest())["C"] == "57P01"
            found = dict(busy.until(b"Z"))
            assert b"D" in found
            assert error_of(busy.rest())["C"] == "57P01"
        assert server.process.wait(10) == 0
        assert "stopping; statements have 10 s to end" in server.log.read_text()


def test_a_second_signal_waits_for_nothing(tmp_path):
    with serving(tmp_path) as server, Raw(server) as busy, Raw(server, small=True) as full:
        busy.log_in().send(query(SLOW))
        full.log_in().send(query("SELECT repeat('x', 1000) FROM range(100000000)"))
        time.sleep(0.3)
        begin = time.monotonic()
        server.process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        assert server.process.poll() is None
        server.process.send_signal(signal.SIGINT)
        assert error_of(busy.rest())["C"] == "57P01"
        assert server.process.wait(10) == 0
        assert time.monotonic() - begin < 8


def test_the_end_has_a_limit(tmp_path):
    program = (
        "import ecomsql.server.serving as s; s.DRAIN = 0.4;"
        "from ecomsql.cli.program import main; main()"
    )
    with serving(tmp_path, program=program) as server, Raw(server) as busy:
        busy.log_in().send(query(SLOW))
        time.sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
        assert error_of(busy.rest())["C"] == "57P01"
        assert server.process.wait(10) == 0


def test_what_cannot_be_cancelled_ends_with_the_process(tmp_path):
    program = (
        "import time, ecomsql.server.serving as s, ecomsql.server.postgres.listener as l;"
        "from ecomsql.server.postgres.engine import Engine; s.DRAIN = l.AFTER_CANCEL = 0.3;"
        "Engine.script = lambda self, text: time.sleep(60);"
        "from ecomsql.cli.program import main; main()"
    )
    with serving(tmp_path, program=program) as server, Raw(server) as busy:
        busy.log_in().send(query("SELECT 1"))
        time.sleep(0.2)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(10) == 1
        assert "there are statements that do not end" in server.log.read_text()


def test_what_was_written_is_there_after_the_end(tmp_path, database):
    with serving(tmp_path, database=database) as server, Raw(server) as client:
        client.log_in().answer("INSERT INTO t VALUES (77)")
        client.answer("BEGIN")
        client.answer("INSERT INTO t VALUES (78)")
        assert server.stop() == 0
    assert not list(tmp_path.glob("*.wal"))
    with contextlib.closing(ecomsql.connect(database)) as con:
        assert con.execute("SELECT a FROM t WHERE a > 70").fetchall() == [(77,)]


def test_a_port_that_is_taken(refused):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, error = refused("--postgres", f"127.0.0.1:{port}")
    assert code == 1
    assert len(error.splitlines()) == 1
    assert str(port) in error
    assert "address already in use" in error.lower()


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--postgres", "x"], 2, "is no address; write HOST:PORT"),
        (["--postgres", "0.0.0.0:0"], 1, "0.0.0.0:0 can be reached from other machines"),
        (["--postgres", "[::]:0"], 1, "[::]:0 can be reached from other machines"),
        (["--postgres", "192.0.2.1:0"], 1, "192.0.2.1:0 can be reached from other machines"),
        (["--postgres", "192.0.2.1:0", "--allow-plaintext"], 1, "192.0.2.1"),
        (["--tls-cert", "shop.duckdb"], 2, "--tls-cert and --tls-key go together"),
        (
            ["--tls-cert", "shop.duckdb", "--tls-key", "shop.duckdb"],
            1,
            "cannot use the certificate",
        ),
        (["--tls-cert", "none", "--tls-key", "none"], 2, "'none' does not exist"),
        (["--users", "none"], 2, "'none' does not exist"),
        (["--users", "open"], 1, "others can read the passwords"),
        (["--init", "none"], 2, "'none' does not exist"),
        (["--allow-dir", "none"], 2, "'none' does not exist"),
        (["--max-connections", "0"], 2, "0 is not in the range"),
        (["--statement-timeout", "-1"], 2, "-1.0 is not in the range"),
        (["--statement-timeout", "nan"], 2, "is no number of seconds"),
        (["--memory-limit", "lots"], 1, "Memory must have a number"),
        (["--threads", "0"], 2, "0 is not in the range"),
        (["--read-only", "none.duckdb"], 2, "there is no database none.duckdb to read"),
        (["none/none.duckdb"], 1, "none.duckdb"),
        (["."], 2, "is a directory"),
        (["corrupt.duckdb"], 1, "corrupt.duckdb"),
        (["ecomsql.duckdb"], 1, "takes the name of the catalog 'ecomsql'"),
        (["--init", "init.sql"], 1, "init.sql, line 3: "),
        (["--init", "late.sql"], 1, "late.sql, line 2: Invalid Input Error: no\n"),
        (["--init", "binary.sql"], 1, "binary.sql is not UTF-8"),
        (["--nonsense"], 2, "No such option"),
    ],
)
def test_what_cannot_start(tmp_path, refused, database, options, code, said):
    (tmp_path / "corrupt.duckdb").write_bytes(b"not a database" * 1000)
    (tmp_path / "open").write_text("anna:secret\n")
    (tmp_path / "open").chmod(0o644)
    late = "SELECT if(i = 900000, error('no'), i) FROM range(1000000) AS r (i)"
    (tmp_path / "late.sql").write_text(f"SELECT 1;\n{late};\nSELECT 2")
    (tmp_path / "init.sql").write_text("CREATE TABLE a (i INTEGER);\n\nCREATE TABL b;\nSELECT 1")
    (tmp_path / "binary.sql").write_bytes(b"SELECT '\xff\xfe'")
    found, error = refused(*options)
    assert (found, said in error) == (code, True), error
    assert len(error.splitlines()) <= 3
    assert "secret" not in error


def test_an_empty_password_is_none(refused, monkeypatch):
    monkeypatch.setenv("ECOMSQL_PASSWORD", "")
    code, error = refused()
    assert (code, "ECOMSQL_PASSWORD is empty" in error) == (2, True)


def test_a_database_that_somebody_else_has_open(refused, database):
    holder = (
        "import duckdb, sys, time; con = duckdb.connect(sys.argv[1]);"
        " print('open', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(database)], stdout=subprocess.PIPE
    ) as other:
        try:
            assert other.stdout.readline() == b"open\n"
            code, error = refused(str(database))
        finally:
            other.kill()
    assert code == 1
    assert "lock" in error
    assert str(other.pid) in error


def test_a_password_is_made_up_and_printed_once(tmp_path):
    with serving(tmp_path, "-vv", unset=("ECOMSQL_PASSWORD",)) as server:
        said = server.log.read_text()
        password = said.split("password ")[1].split()[0]
        assert len(password) >= 24
        with Raw(server) as client:
            assert client.log_in(password).answer("SELECT 1") == [b"1"]
        with Raw(server) as client:
            client.send(b"\0\0\0\x19\0\3\0\0user\0ecomsql\0\0\0\0\0")
            client.prove("guess")
            assert error_of(client.rest())["C"] == "28P01"
        assert server.stop() == 0
        log = server.log.read_text()
    assert log.count(password) == 1
    assert "guess" not in log


def test_several_users(tmp_path):
    users = tmp_path / "users"
    users.write_text("anna:first secret\nben:second secret\n")
    users.chmod(0o600)
    with serving(tmp_path, "-vv", "--users", str(users)) as server:
        for user, password in (("anna", "first secret"), ("ben", "second secret")):
            with Raw(server) as client:
                assert client.log_in(password, user).answer("SELECT current_user") == [
                    user.encode()
                ]
        for user, password in (("anna", "second secret"), ("ecomsql", PASSWORD)):
            with Raw(server) as client, pytest.raises((EOFError, AssertionError)):
                client.log_in(password, user)
        with Raw(server) as client:
            client.send(startup("x\n2026-01-01 INFO all is well"))
            client.prove("wrong secret")
            client.rest()
        log = server.log.read_text()
    assert "anna is in" in log
    assert "x?2026-01-01 INFO all is well" in log
    assert "\n2026-01-01 INFO all" not in log
    assert "secret" not in log
    assert PASSWORD not in log


def test_read_only_with_a_file_and_a_folder(tmp_path, database):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x.csv").write_text("a\n1\n")
    options = ("--read-only", "--allow-dir", str(tmp_path / "in"))
    before = database.read_bytes()
    with serving(tmp_path, *options, database=database) as server, Raw(server) as client:
        client.log_in()
        assert client.answer("SELECT count(*) FROM t") == [b"10"]
        assert client.answer(f"FROM '{tmp_path}/in/x.csv'") == [b"1"]
        for text in ("DELETE FROM t", "FROM read_text('/etc/hostname')", "SET threads = 1"):
            with pytest.raises(RuntimeError):
                client.answer(text)
        assert client.answer("SHOW default_transaction_read_only") == [b"on"]
    assert database.read_bytes() == before


def test_limits_hold(tmp_path):
    options = ("--statement-timeout", "0.5", "--memory-limit", "100MB", "--threads", "1")
    with serving(tmp_path, *options) as server, Raw(server) as client:
        client.log_in()
        with pytest.raises(RuntimeError, match=r"57014.*statement timeout"):
            client.answer(SLOW)
        # A client may have less time, and not more.
        client.answer("SET statement_timeout = '1h'")
        with pytest.raises(RuntimeError, match="57014"):
            client.answer(SLOW)
        assert client.answer("SELECT current_setting('threads')") == [b"1"]
        client.answer("SET temp_directory = ''")
        with pytest.raises(RuntimeError, match=r"53200|57014"):
            client.answer(
                "SELECT list(i::VARCHAR || repeat('x', 50)) FROM range(10000000) AS r (i)"
            )
        client.answer("SET idle_in_transaction_session_timeout = '200ms'")
        client.answer("BEGIN")
        assert error_of(client.rest())["C"] == "25P03"
        assert works(server)


def test_an_init_file_can_be_interrupted(tmp_path):
    init = tmp_path / "init.sql"
    begun = tmp_path / "begun.csv"
    init.write_text(f"COPY (SELECT 1) TO '{begun}';\n{SLOW}")
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)):
        begun.unlink(missing_ok=True)
        with subprocess.Popen(
            [*COMMAND, "--postgres", "127.0.0.1:0", "--init", str(init)], stderr=subprocess.DEVNULL
        ) as process:
            try:
                while not begun.exists():
                    assert process.poll() is None
                    time.sleep(0.05)
                time.sleep(0.3)
                process.send_signal(number)
                assert process.wait(20) == code
            finally:
                process.kill()


def test_ping(server):
    done = subprocess.run(
        [*COMMAND[:-1], "ping", f"127.0.0.1:{server.port}"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, f"127.0.0.1:{server.port} answers\n")
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        port = mute.getsockname()[1]
        done = subprocess.run(
            [*COMMAND[:-1], "ping", f"127.0.0.1:{port}"],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert f"no server at 127.0.0.1:{port}" in done.stderr


def test_a_cursor_is_not_held_in_memory_without_end(server):
    with Raw(server) as client:
        client.log_in().answer("BEGIN")
        client.answer("DECLARE c CURSOR FOR SELECT i FROM range(1000000000000) AS r (i)")
        assert client.answer("FETCH 1 FROM c") == [b"0"]
        with pytest.raises(RuntimeError, match="53200"):
            client.answer("SELECT 1")
        with pytest.raises(RuntimeError, match="25P02"):
            client.answer("FETCH 1 FROM c")
        client.answer("ROLLBACK")


def _break(server, database, client: Raw) -> None:
    """Let DuckDB fail for good: a checkpoint finds the disk full."""
    client.answer("INSERT INTO t SELECT i * 7919 % 10007 FROM range(20000) AS r (i)")
    size = database.stat().st_size
    before = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, -1))
    client.send(query("CHECKPOINT"))
    assert error_of(client.rest())["C"] == "57P02"
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, before)


def _wait_until_works(server) -> None:
    end = time.monotonic() + 20
    while True:
        with contextlib.suppress(EOFError, OSError):
            assert works(server)
            return
        assert time.monotonic() < end
        assert server.process.poll() is None
        time.sleep(0.05)


def test_a_database_that_fails_is_opened_again(tmp_path, database):
    init = tmp_path / "init.sql"
    init.write_text(
        "ATTACH ':memory:' AS other; CREATE TABLE other.u AS SELECT 5 AS a;\n"
        "PIVOT other.u ON a; -- several statements\n;/* none */;"
    )
    with serving(tmp_path, "--init", str(init), database=database) as server:
        for round_ in (1, 2):
            with Raw(server) as client, Raw(server) as idle, Raw(server) as busy:
                client.log_in()
                idle.log_in().answer("BEGIN")
                busy.log_in().send(query(SLOW))
                time.sleep(0.1)
                _break(server, database, client)
                assert error_of(idle.rest())["C"] == "57P02"
                assert error_of(busy.rest())["C"] == "57P02"
            _wait_until_works(server)
            with Raw(server) as client:
                client.log_in()
                assert client.answer("SELECT count(*) FROM t") == [b"%d" % (10 + 20000 * round_)]
                assert client.answer("FROM other.u") == [b"5"]
                assert client.answer("SELECT count(*) FROM pg_catalog.pg_class WHERE relname = 't'")
                assert client.answer("SELECT count(*) FROM ecomsql_functions()") != [b"0"]
        assert server.stop() == 0
        log = server.log.read_text()
    assert "the database has failed; every connection ends, and it is opened again" in log
    assert log.count("the database is open again") == 2
    assert "Traceback" not in log


FAILS = (
    "import duckdb;"
    "from ecomsql.server.postgres.engine import Engine; usual = Engine.script;\n"
    "def script(self, text):\n"
    "    if text == 'FAIL': raise duckdb.FatalException('FATAL Error: it is over')\n"
    "    return usual(self, text)\n"
    "Engine.script = script\n"
    "from ecomsql.cli.program import main; main()"
)


def test_what_was_in_memory_alone_ends_with_its_failure(tmp_path):
    with serving(tmp_path, program=FAILS) as server, Raw(server) as client, Raw(server) as idle:
        idle.log_in()
        client.log_in().send(query("FAIL"))
        assert error_of(client.rest())["C"] == "57P02"
        assert error_of(idle.rest())["C"] in ("57P01", "57P02")
        assert server.process.wait(20) == 1
        log = server.log.read_text()
    assert "only one in a file" in log
    assert "Traceback" not in log


def test_a_failed_database_that_is_gone(tmp_path, database):
    with serving(tmp_path, program=FAILS, database=database) as server, Raw(server) as client:
        client.log_in()
        database.unlink()
        database.mkdir()
        client.send(query("FAIL"))
        assert error_of(client.rest())["C"] == "57P02"
        assert server.process.wait(20) == 1
        assert "the database cannot be opened again" in server.log.read_text()
