"""A process ends by itself, with its exit code, whatever its threads are asking."""

from __future__ import annotations

import re
import subprocess
import sys
import time

import pytest

PROMPT = 8
"""Seconds: a model has five to come to its next checkpoint."""

PROGRAM = """
import sys, threading, time
import ecomsql
from ecomsql.ending import _running

con = ecomsql.connect()
con.execute("SET threads = 2; SET enable_progress_bar = false")
con.execute("CREATE TABLE n AS SELECT i, hash(i) AS h, hash(i, 1) AS g FROM range(30000) AS _(i)")
con.execute("CREATE TABLE events AS SELECT h % 300 AS user_id, g % 150 AS item_id, i AS ts FROM n")
con.execute("CREATE TABLE visits AS SELECT i, h / 2e19 AS a, g / 2e19 AS b, a > 0.4 AS y FROM n")
con.execute("CREATE TABLE few AS FROM visits LIMIT 200")
con.execute("CREATE TABLE m AS FROM train_classifier(few, 'y', method := 'linear')")

def ask(query):
    cursor = ecomsql.register(con.cursor())
    cursor.execute("SET enable_progress_bar = false")
    print(cursor.execute(query).fetchone()[0], flush=True)

for query in sys.argv[2:]:
    threading.Thread(target=ask, args=(query,), daemon=sys.argv[1] == "daemon").start()
until = time.monotonic() + 60
while not _running and time.monotonic() < until:
    time.sleep(0.01)
time.sleep(sys.argv[1] == "daemon")
print("end", flush=True)
sys.exit(7)
"""
ALS = "SELECT method FROM train_recommender(events, method := 'als', iterations := {})"
BIG = "big AS NOT MATERIALIZED (SELECT visits.* FROM visits, range(10000))"
UNFINISHED = {
    "models": [
        ALS.format(10**8),
        ALS.format(10**8),
        ALS.format(10**9),
        "FROM train_classifier(visits, 'y', method := 'mlp')",
    ],
    "queries": [
        f"WITH {BIG} SELECT sum(probability) FROM predict(big, model := 'm')",
        "SELECT sum(hash(i)) FROM range(1000000000000) AS _(i)",
    ],
}


def started(*arguments):
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("queries", UNFINISHED)
def test_unfinished_queries_in_daemon_threads_do_not_keep_it(queries):
    with started("daemon", *UNFINISHED[queries]) as process:
        assert process.stdout.readline() == "end\n"
        begun = time.monotonic()
        _, err = process.communicate(timeout=60)
    # What a thread was stopped at, it may say.
    crash = re.findall(r"(?i)fatal.*|terminate called.*", err)
    assert (process.returncode, crash) == (7, [])
    assert time.monotonic() - begun < PROMPT


def test_queries_in_other_threads_are_waited_for():
    with started("waited for", ALS.format(40), ALS.format(41)) as process:
        out, err = process.communicate(timeout=100)
    assert (process.returncode, out.split(), err) == (7, ["end", "als", "als"], "")
