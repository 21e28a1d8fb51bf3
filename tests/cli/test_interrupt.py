from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import termios
import time

import duckdb
import pytest

# The process has a second; machines that run other tests get some more.
PROMPT = 2.5

STUCK = """
import sys, time, ecomsql
from pathlib import Path
from ecomsql.cli.running import stoppable, temporary_folder

def work():
    print(folder, flush=True)
    time.sleep(60)

with temporary_folder() as folder:
    stoppable(ecomsql.connect(), work)
"""


def wait_for(condition, seconds=60):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.02)


def interrupt(process):
    """Send what Ctrl-C sends; return the exit code and how long it took."""
    time.sleep(0.3)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    return process.wait(30), time.monotonic() - begun


def test_ctrl_c_ends_a_query_and_keeps_the_database(start, tmp_path):
    database, marker = tmp_path / "shop.duckdb", tmp_path / "started.csv"
    with duckdb.connect(str(database)) as con:
        con.execute("CREATE TABLE t AS SELECT range AS i FROM range(1000)")
    text = f"""
        COPY (SELECT 1) TO '{marker}';
        INSERT INTO t SELECT i FROM range(100000000000) AS r(i);
    """
    process = start(
        "sql", "--database", database, "-c", text, stderr=subprocess.PIPE, stdout=subprocess.PIPE
    )
    wait_for(marker.exists)
    code, seconds = interrupt(process)
    assert code == 130
    assert seconds < PROMPT
    assert process.stderr.read() == b"Interrupted.\n"
    assert process.stdout.read() == b""
    with duckdb.connect(str(database)) as con:
        assert con.execute("SELECT count(*), max(i) FROM t").fetchone() == (1000, 999)


def test_ctrl_c_ends_training(start, shop, tmp_path):
    marker = tmp_path / "started.csv"
    text = f"""
        COPY (SELECT 1) TO '{marker}';
        FROM train_recommender('events.parquet', method := 'als', iterations := 1000000);
    """
    process = start("sql", "--data", shop, "-c", text, stderr=subprocess.PIPE)
    wait_for(marker.exists)
    # Past the loading of the libraries, into the iterations.
    time.sleep(4)
    assert process.poll() is None
    code, seconds = interrupt(process)
    assert code == 130
    assert seconds < PROMPT


def test_ctrl_c_ends_a_benchmark(start, tmp_path):
    marker = tmp_path / "started.csv"
    (tmp_path / "long.sql").write_text(
        f"COPY (SELECT 1) TO '{marker}'; SELECT sum(i) FROM range(1000000000000) AS r(i)"
    )
    process = start("bench", tmp_path, "--data", tmp_path, stderr=subprocess.PIPE)
    wait_for(marker.exists)
    code, seconds = interrupt(process)
    assert code == 130
    assert seconds < PROMPT


def test_work_that_does_not_listen_ends_with_the_process():
    process = subprocess.Popen(
        [sys.executable, "-c", STUCK],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    with process:
        folder = process.stdout.readline().strip()
        assert os.path.isdir(folder)  # noqa: PTH112
        code, seconds = interrupt(process)
        assert (code, process.stderr.read()) == (130, "Interrupted.\n")
    assert 0.7 < seconds < PROMPT
    assert not os.path.exists(folder)  # noqa: PTH110


def test_a_second_ctrl_c_does_not_wait():
    process = subprocess.Popen(
        [sys.executable, "-c", STUCK],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    with process:
        process.stdout.readline()
        time.sleep(0.3)
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
    assert time.monotonic() - begun < 0.7


PATIENT = """
import sys, time, ecomsql
from ecomsql.cli.running import Interrupted, stoppable

def work():
    print("begun", flush=True)
    time.sleep(float(sys.argv[1]))

try:
    stoppable(ecomsql.connect(), work, patient=True)
except Interrupted:
    print("interrupted", flush=True)
"""


def patient(seconds):
    process = subprocess.Popen(
        [sys.executable, "-c", PATIENT, str(seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stdout.readline() == "begun\n"
    time.sleep(0.2)
    return process


def test_a_shell_waits_and_does_not_mind_a_hurried_second_ctrl_c():
    with patient(2) as process:
        for _ in range(3):
            process.send_signal(signal.SIGINT)
            time.sleep(0.05)
        assert process.wait(30) == 0
        assert process.stdout.read() == "interrupted\n"
        assert "stopping ..." in process.stderr.read()


def test_a_shell_that_waits_can_be_left():
    with patient(60) as process:
        process.send_signal(signal.SIGINT)
        assert process.stderr.readline() == "\n"
        assert process.stderr.readline().startswith("stopping ...")
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130


TRAINING = """
    SELECT method FROM train_recommender('events.parquet', method := 'als', iterations := 1000)
"""


@pytest.fixture
def train(start, shop):
    def call(stderr):
        arguments = ("sql", "--data", shop, "--format", "csv", "-c", TRAINING)
        return start(*arguments, stdout=subprocess.PIPE, stderr=stderr)

    return call


def test_a_terminal_shows_progress(train):
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    process = train(theirs)
    os.close(theirs)
    seen = b""
    try:
        while chunk := os.read(ours, 4096):
            seen += chunk
    except OSError:
        pass  # The other end is closed: the process is done.
    os.close(ours)
    assert process.wait(60) == 0
    assert b"als" in seen
    assert b"%|" in seen
    assert process.stdout.read() == b"method\nals\n"


def test_a_pipe_shows_no_progress(train):
    process = train(subprocess.PIPE)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out, err) == (0, b"method\nals\n", b"")
