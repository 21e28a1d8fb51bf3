"""PostgreSQL's driver for Java against the server."""

from __future__ import annotations

import subprocess
from pathlib import Path

from clients import needs_file, needs_program
from running_server import PASSWORD, USER

JAR = Path("/usr/share/java/postgresql.jar")

EXPECTED = """
product PostgreSQL 15
table buyers TABLE null
table customers TABLE who buys
table events TABLE null
table m TABLE null
table many TABLE null
table orders TABLE null
table visits TABLE null
table big_spenders VIEW null
column id int4 0 0 null
column name text 0 0 null
column spent numeric 2 1 in euros
column tags _text 0 1 null
key id
index orders_number_pkey number false
index orders_day day true
foreign customer customers id
schema ecomsql
schema information_schema
schema main
schema pg_catalog
schema pg_temp
function recommend
types true
row item 7 10.5 2026-01-01 00:00:07.0 0.00
sum 312487500
values 1 it's 2026-02-03 true 1.5 7 {1,2}
values 8 it's 2026-02-03 true 1.5 7 {"1","2"}
rank 1
rank 2
batch 3
generated 9
updated 1
left 4 z
error 42703
cancelled 57014
"""


def test_a_program_in_java(server, tmp_path):
    needs_program("javac", "a JDK")
    needs_file(JAR, "libpostgresql-jdbc-java")
    source = Path(__file__).parent / "Client.java"
    subprocess.run(["javac", "-d", tmp_path, source], check=True, timeout=120)
    found = subprocess.run(
        [
            *("java", "-XX:TieredStopAtLevel=1", "-cp", f"{JAR}:{tmp_path}", "Client"),
            f"jdbc:postgresql://{server.host}:{server.port}/shop",
            USER,
            PASSWORD,
        ],
        capture_output=True,
        text=True,
        timeout=120,
        env={"TZ": "UTC", "PATH": "/usr/bin:/bin"},
    )
    assert found.stderr == ""
    assert found.stdout.splitlines() == EXPECTED.strip().splitlines()
