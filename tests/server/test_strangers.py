"""Clients that cheat, vanish, babble or wait: the server lets none in and stays as it was."""

from __future__ import annotations

import contextlib
import os
import random
import socket
import statistics
import struct
import time

import pytest
from raw_client import (
    SSL_REQUEST,
    Raw,
    cursors,
    error_of,
    fields,
    held,
    message,
    query,
    settled,
    startup,
    works,
)
from running_server import PASSWORD, serving

from ecomsql.server.postgres.wire import HIGH_WATER

LONG = os.environ.get("ECOMSQL_LONG_TESTS") == "1"


@pytest.fixture(autouse=True)
def _unharmed(server):
    """After each test the server answers, and holds no more than before."""
    assert works(server)
    sessions, before = cursors(server), held(server)
    yield
    settled(server, before)
    assert works(server)
    _left(server, sessions)


def test_wrong_passwords_and_unknown_users_look_the_same(server):
    times: dict[str, list[float]] = {"ecomsql": [], "nobody": []}
    answers = {}
    for _ in range(5):
        for user, took in times.items():
            with Raw(server) as client:
                client.send(startup(user))
                begin = time.monotonic()
                client.prove("wrong")
                error = error_of(client.rest())
                took.append(time.monotonic() - begin)
                answers[user] = {**error, "M": error["M"].replace(user, "?")}
    assert answers["ecomsql"] == answers["nobody"]
    assert answers["nobody"]["C"] == "28P01"
    assert answers["nobody"]["S"] == "FATAL"
    known, unknown = (statistics.median(took) for took in times.values())
    assert abs(known - unknown) < 0.1


def test_a_query_instead_of_the_password(server):
    with Raw(server) as client:
        client.send(startup()).read()
        client.send(query("SELECT 1"))
        data = client.rest()
    assert error_of(data)["C"] == "08P01"
    assert b"D\0" not in data


def test_a_query_after_half_of_the_proof(server):
    with Raw(server) as client:
        client.send(startup()).read()
        first = b"n,,n=,r=abc"
        client.send(message(b"p", b"SCRAM-SHA-256\0" + struct.pack("!i", len(first)) + first))
        client.read()
        client.send(query("SELECT 1"))
        assert error_of(client.rest())["C"] == "08P01"


@pytest.mark.parametrize(
    ("first", "code"),
    [
        (startup(""), "28000"),
        (startup(code=2 << 16), "0A000"),
        (struct.pack("!ii", 9, 3 << 16) + b"x", "08P01"),
        (struct.pack("!ii", 8, 3 << 16), "28000"),
        (struct.pack("!ii", 15, 3 << 16) + b"user\0\xff\0", "22021|08P01"),
        (startup() + message(b"p", b"PLAIN\0" + struct.pack("!i", -1)), "28P01"),
        (startup() + message(b"p", b""), "08P01"),
        (startup() + b"p" + struct.pack("!i", 10**9), "08P01"),
        (startup() + b"p" + struct.pack("!i", -5), "08P01"),
        (startup() + message(b"p", b"SCRAM-SHA-256\0" + struct.pack("!i", 99)), "08P01"),
        (startup() + message(b"p", b"SCRAM-SHA-256\0\xff\xff\xff\xfe"), "08P01"),
        (startup() + message(b"p", b"SCRAM-SHA-256-PLUS\0\0\0\0\0"), "28P01"),
        (struct.pack("!i", 7), ""),
        (struct.pack("!i", -1), ""),
        (struct.pack("!i", 2**31 - 1), ""),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", ""),
        (b"\x16\x03\x01\x02\x00\x01\x00", ""),
        (b"\0" * 100, ""),
    ],
)
def test_what_begins_wrong(server, first, code):
    with Raw(server) as client:
        data = client.send(first).rest()
    found = error_of(data)
    assert found.get("C", "") in code.split("|")
    assert not found or found["S"] == "FATAL"


def test_cancel_requests_need_the_key(server):
    with Raw(server) as client:
        client.log_in()
        process, secret = client.key[:4], client.key[4:]
        client.send(query("SELECT sleep_ms(700)"))
        for key in (
            process + bytes(4),
            process + secret[:3],
            process + secret + b"\0",
            process,
            b"",
            struct.pack("!i", -1) + secret,
            struct.pack("!i", 2**31 - 1) + secret,
        ):
            with Raw(server) as stranger:
                content = struct.pack("!i", 80877102) + key
                stranger.send(struct.pack("!i", len(content) + 4) + content)
                assert stranger.rest()[:1] in (b"", b"E")
        assert b"E" not in [kind for kind, _ in client.until(b"Z")]


SLOW = "SELECT count(*) FROM range(100000000) AS a, range(100000) AS b"


def _cancel(server, client: Raw) -> None:
    with Raw(server) as other:
        other.send(struct.pack("!ii", 16, 80877102) + client.key)
        other.rest()


def test_a_cancelled_query_ends_and_the_next_one_does_not(server):
    with Raw(server) as client:
        client.log_in()
        for _ in range(20):
            client.send(query(SLOW))
            # Whenever it comes: before the query begins, or while it runs.
            time.sleep(random.random() * 0.02)
            begin = time.monotonic()
            _cancel(server, client)
            found = dict(client.until(b"Z"))
            # A cancel that came before the query is none of this one's.
            if b"E" not in found:
                pytest.fail("the query was not cancelled")
            assert fields(found[b"E"])["C"] == "57014"
            assert time.monotonic() - begin < 5
            assert client.answer("SELECT 1") == [b"1"]
        _cancel(server, client)
        assert client.answer("SELECT 2") == [b"2"]


def test_a_timeout_is_for_the_whole_statement(server):
    with Raw(server) as client:
        client.log_in().answer("SET statement_timeout = '300ms'")
        begin = time.monotonic()
        with pytest.raises(RuntimeError, match=r"57014.*statement timeout"):
            client.answer("SELECT i FROM range(100000000000) AS r (i)")
        assert time.monotonic() - begin < 5
        for wrong in ("'nan'", "'inf'", "'-1'", "'1 fortnight'", "1e300"):
            with pytest.raises(RuntimeError, match="22023"):
                client.answer(f"SET statement_timeout = {wrong}")
        assert client.answer("SHOW statement_timeout") == [b"300ms"]


BABBLE = 3000 if LONG else 120


def _junk(chance: random.Random) -> bytes:
    return chance.randbytes(chance.choice((1, 3, 8, 50, 400)))


def _bad_message(chance: random.Random) -> bytes:
    """Return a message that looks right and is wrong somewhere."""
    kind = chance.choice(
        (b"Q", b"P", b"B", b"D", b"E", b"C", b"S", b"H", b"F", b"p", b"d", b"c", b"f", b"X", b"!")
    )
    content = chance.choice(
        (
            b"",
            b"\0",
            b"SELECT 1",
            b"SELECT 1\0\0\0",
            b"\xff\xfe\0",
            b"SELECT '\xff'\0",
            b"S\0",
            b"Pnone\0",
            b"\0SELECT $1\0\xff\xff",
            b"\0\0\xff\xff\0\1\0\1\xff\xff\xff\xfe",
            b"\0\0\0\1\0\7\0\1\0\0\0\1x\0\0",
            b"\0\x7f\xff\xff\xff",
            b"x" * 5000 + b"\0",
            chance.randbytes(30),
        )
    )
    length = chance.choice((len(content) + 4,) * 6 + (0, 3, -1, 5, 2**31 - 1, 10**6))
    return kind + struct.pack("!i", length) + content


def test_random_bytes_at_the_door(server):
    chance = random.Random(1)
    for at in range(BABBLE):
        with Raw(server, timeout=5) as client:
            if at % 3 == 1:
                client.send(startup())
            if at % 3 == 2:
                client.send(struct.pack("!i", chance.choice((8, 20, 300))))
            client.send(_junk(chance))
            client.socket.shutdown(socket.SHUT_WR)
            data = client.rest()
            assert b"R\0\0\0\x08\0\0\0\0" not in data
            assert b"Z\0\0\0\5" not in data


def test_random_messages_after_login(server):
    chance = random.Random(2)
    for _ in range(BABBLE // 2):
        with Raw(server, timeout=5) as client:
            client.log_in()
            for _ in range(chance.randrange(1, 6)):
                client.send(chance.choice((_bad_message, _bad_message, _junk))(chance))
            client.send(message(b"S"))
            # It may wait for the rest of a message.
            client.socket.settimeout(0.03)
            with contextlib.suppress(TimeoutError):
                client.rest()


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (b"Q" + struct.pack("!i", 3), "08P01"),
        (b"Q" + struct.pack("!i", -1), "08P01"),
        (b"Q" + struct.pack("!i", 2**31 - 1), "08P01"),
        (b"?" + struct.pack("!i", 4), "08P01"),
        (message(b"Q", b"SELECT 1"), "08P01"),
        (message(b"Q", b""), "08P01"),
        (message(b"P", b"\0SELECT 1\0\0\2"), "08P01"),
        (message(b"B", b"\0\0\0\0\0\1\xff\xff\xff\xf0"), "08P01|26000"),
        (message(b"E", b"\0\0"), "08P01|34000"),
        (message(b"D", b""), "08P01"),
        (message(b"C", b"x\0"), "08P01"),
    ],
)
def test_what_breaks_the_protocol_ends_the_connection(server, bad, code):
    with Raw(server) as client:
        client.log_in().send(bad + message(b"X"))
        assert error_of(client.rest())["C"] in code.split("|")


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (message(b"Q", b"SELECT '\xff'\0"), "22021"),
        (message(b"F", b"\0\0\0\1\0\0\0\0\0\0"), "0A000"),
        (message(b"P", b"\0SELEC\0\0\0") + message(b"S"), "42601"),
        (message(b"B", b"none\0none\0\0\0\0\0\0\0") + message(b"S"), "26000"),
        (message(b"E", b"none\0\0\0\0\0") + message(b"S"), "34000"),
        (message(b"P", b"\0SELECT $1\0\0\0") + message(b"B", b"\0\0\0\0\0\0\0\0") + message(b"S"),
         "08P01"),
        (message(b"P", b"\0SELECT $1::INTEGER\0\0\1\0\0\0\x17")
         + message(b"B", b"\0\0\0\1\0\1\0\1\0\0\0\1x\0\0") + message(b"S"), "22P02"),
        (message(b"P", b"\0SELECT 1\0\0\0") + message(b"B", b"\0\0\0\0\0\0\0\2\0\1\0\1")
         + message(b"E", b"\0\0\0\0\0") + message(b"S"), "08P01"),
    ],
)  # fmt: skip
def test_what_is_wrong_and_no_more(server, bad, code):
    with Raw(server) as client:
        client.log_in().send(bad)
        found = [fields(content)["C"] for kind, content in client.until(b"Z") if kind == b"E"]
        assert found == [code]
        assert client.answer("SELECT 1") == [b"1"]


def test_half_a_message_and_then_nothing(server):
    with contextlib.ExitStack() as stack:
        for half in (b"", b"Q", b"Q\0\0\0", query("SELECT 1")[:-1], b"P\0\0\0\x09\0S"):
            client = stack.enter_context(Raw(server))
            client.log_in().send(half)
        assert works(server)


def test_clients_that_vanish_in_a_long_query(server):
    for _ in range(5):
        with Raw(server) as client:
            client.log_in().send(query(SLOW))
            time.sleep(0.02)
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    end = time.monotonic() + 10
    while _busy(server) > 0.6 and time.monotonic() < end:
        continue
    assert _busy(server) < 0.6


def test_a_client_that_is_far_ahead_and_vanishes(server):
    sessions = cursors(server)
    with Raw(server, timeout=1) as client:
        client.log_in().send(query(SLOW))
        # A little more than the server reads, so that it stops before it could read of the end; the
        # system takes the rest, and the end with it, which it could not if the window were full.
        client.send(query("SELECT 1") * (HIGH_WATER // 14 + 2000))
    _left(server, sessions)


def _left(server, sessions: int) -> None:
    """Wait until no more sessions are left: a connection is closed before what was done for it."""
    end = time.monotonic() + 10
    while cursors(server) > sessions:
        assert time.monotonic() < end


def _busy(server) -> float:
    """Return how many cores the process uses, over a quarter of a second."""
    ticks, begin = _ticks(server), time.monotonic()
    time.sleep(0.25)
    return (_ticks(server) - ticks) / os.sysconf("SC_CLK_TCK") / (time.monotonic() - begin)


def _ticks(server) -> int:
    with open(f"/proc/{server.process.pid}/stat") as file:  # noqa: PTH123
        parts = file.read().rpartition(")")[2].split()
    return int(parts[11]) + int(parts[12])


LARGE = "SELECT i, repeat('x', 200) AS t FROM range(100000000) AS r (i)"


def test_clients_that_vanish_in_a_large_result(server):
    for _ in range(5):
        with Raw(server) as client:
            client.log_in().send(query(LARGE))
            client.exactly(100_000)


def test_clients_that_do_not_read_fill_no_memory(server):
    before = held(server)["megabytes"]
    with contextlib.ExitStack() as stack:
        for _ in range(5):
            client = stack.enter_context(Raw(server, small=True))
            client.log_in().send(query(LARGE))
        time.sleep(1.0)
        assert works(server)
        assert held(server)["megabytes"] < before + 150


def test_strangers_do_not_lock_out_the_others(tmp_path):
    with serving(tmp_path, "--max-connections", "3") as small, contextlib.ExitStack() as stack:
        crowd = [stack.enter_context(Raw(small)) for _ in range(130)]
        for one in crowd[::2]:
            one.send(startup()[:6])
        assert works(small)
        assert held(small)["files"] < 150
        inside = [stack.enter_context(Raw(small)).log_in() for _ in range(3)]
        with Raw(small) as fourth:
            fourth.send(startup())
            fourth.prove(PASSWORD)
            assert error_of(fourth.rest())["C"] == "53300"
        inside[0].send(message(b"X")).rest()
        end = time.monotonic() + 5
        while True:
            with contextlib.suppress(EOFError, OSError):
                assert works(small)
                break
            assert time.monotonic() < end


def test_whoever_is_slow_at_the_door_is_sent_away(tmp_path):
    program = (
        "import ecomsql.server.postgres.listener as l; l.PATIENCE = 0.5;"
        "from ecomsql.cli.program import main; main()"
    )
    with serving(tmp_path, program=program) as hasty:
        begin = time.monotonic()
        with Raw(hasty) as silent, Raw(hasty) as half, Raw(hasty) as slow, Raw(hasty) as tls:
            half.send(startup()[:9])
            slow.send(startup()).read()
            tls.send(SSL_REQUEST)
            for one in (silent, half, slow, tls):
                assert error_of(one.rest().removeprefix(b"N"))["C"] == "08006"
        assert 0.4 < time.monotonic() - begin < 5
        assert works(hasty)


CONNECTIONS = 1000 if LONG else 100


def test_connections_leave_nothing(server):
    with contextlib.ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(Raw(server)).log_in().answer("SELECT 1")
    time.sleep(0.2)
    before = held(server)
    begin = time.monotonic()
    for at in range(CONNECTIONS):
        with Raw(server) as client:
            client.log_in().answer("CREATE TEMP TABLE x AS SELECT 1")
            if at % 2:
                client.send(message(b"X"))
    took = time.monotonic() - begin
    settled(server, before, megabytes=30)
    print(f"{CONNECTIONS} connections in {took:.1f} s: {before} -> {held(server)}")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM (" * 5_000 + "SELECT 1" + ")" * 5_000,
        "/* ' */ SELECT " + "(" * 5_000 + "1" + ")" * 5_000 + " -- '",
        "WITH x AS (" * 5_000,
    ],
    ids=["queries", "hidden", "open"],
)
def test_brackets_without_end(server, text):
    with Raw(server) as client:
        with pytest.raises(RuntimeError, match="54001"):
            client.log_in().answer(text)
        assert client.answer("SELECT '" + "(" * 5000 + "' || ((((1))))") != []
