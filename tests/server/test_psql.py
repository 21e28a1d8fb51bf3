"""psql against the server: its commands, its copies, its Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import pytest
from clients import needs_program
from running_server import PASSWORD, USER


@pytest.fixture(scope="module")
def psql(server):
    """Run psql with some arguments; return its output."""
    needs_program("psql", "postgresql-client")
    command = ["psql", "-X", "-h", server.host, "-p", str(server.port), "-U", USER, "-d", "shop"]
    environment = {**os.environ, "PGPASSWORD": PASSWORD, "PAGER": "cat", "LC_ALL": "C.UTF-8"}

    def run(*arguments, input=None):
        found = subprocess.run(
            [*command, *arguments],
            input=input,
            capture_output=True,
            text=True,
            timeout=60,
            env=environment,
        )
        return found.stdout + found.stderr

    run.command, run.environment = command, environment
    return run


def test_a_query(psql):
    assert psql(
        "-At", "-c", "SELECT 1, 'x', NULL, true, 1.0::DOUBLE, [1, 2], INTERVAL 14 MONTH"
    ) == ("1|x||t|1|{1,2}|1 year 2 mons\n")


def test_tables(psql):
    assert psql("-c", r"\d").splitlines()[3:-2] == [
        " main   | big_spenders | view  | ecomsql",
        " main   | buyers       | table | ecomsql",
        " main   | customers    | table | ecomsql",
        " main   | events       | table | ecomsql",
        " main   | m            | table | ecomsql",
        " main   | many         | table | ecomsql",
        " main   | orders       | table | ecomsql",
        " main   | visits       | table | ecomsql",
    ]


def test_a_table(psql):
    found = "\n".join(line.rstrip() for line in psql("-c", r"\d customers").splitlines()).rstrip()
    assert found == (
        '                 Table "main.customers"\n'
        " Column |     Type      | Collation | Nullable | Default\n"
        "--------+---------------+-----------+----------+---------\n"
        " id     | integer       |           | not null |\n"
        " name   | text          |           | not null |\n"
        " spent  | numeric(10,2) |           |          | 0\n"
        " tags   | text[]        |           |          |\n"
        "Indexes:\n"
        '    "customers_id_pkey" PRIMARY KEY, art (id)\n'
        '    "customers_name_key" UNIQUE CONSTRAINT, art ("name")\n'
        "Check constraints:\n"
        '    "customers_spent_check" CHECK((spent >= 0))\n'
        "Referenced by:\n"
        '    TABLE "orders" CONSTRAINT "orders_customer_id_fkey"'
        " FOREIGN KEY (customer) REFERENCES customers(id)"
    )
    assert "in euros" in psql("-c", r"\d+ customers")
    assert "SELECT id, spent" in psql("-c", r"\d+ big_spenders")
    assert " day    | date | yes  | day" in psql("-c", r"\d orders_day")


def test_functions(psql):
    assert " ecomsql | recommend | TABLE" in psql("-c", r"\df recommend")
    assert "k, method, model, users" in psql("-c", r"\df recommend")
    assert psql("-At", "-c", r"\df").count("\n") > 30


@pytest.mark.parametrize(
    "command",
    r"\l \dn \du \di \ds \dv \dt \dm \dT \dp \dx \db \dD \des \dE \dO \dA \ddp \drds \dF \dRp \dC"
    r" \do \conninfo \encoding".split(),
)
def test_no_command_fails(psql, command):
    assert "ERROR" not in psql("-c", command)


def test_a_copy(psql, tmp_path):
    file = tmp_path / "many.csv"
    query = "SELECT id, name, NULL AS gone FROM many WHERE id < 3 ORDER BY id"
    assert psql("-c", rf"\copy ({query}) TO '{file}' WITH (FORMAT csv, HEADER)") == "COPY 3\n"
    assert file.read_text() == "id,name,gone\n0,item 0,\n1,item 1,\n2,item 2,\n"


def test_an_error_points_to_its_place(psql):
    assert psql("-c", "SELECT nam FROM many") == (
        'ERROR:  Referenced column "nam" not found in FROM clause!\n'
        "LINE 1: SELECT nam FROM many\n"
        "               ^\n"
        'HINT:  Candidate bindings: "name", "amount"\n'
    )


def test_a_transaction_in_a_script(psql):
    script = "BEGIN; CREATE TABLE scripted (a INTEGER); ROLLBACK; SELECT count(*) FROM scripted;"
    assert "scripted does not exist" in psql(input=script)
    assert "WARNING:  there is no transaction in progress" in psql("-c", "COMMIT")


def test_control_c_cancels_the_query(psql):
    with subprocess.Popen(
        [*psql.command, "-c", "SELECT count(*) FROM range(10000000000) a, range(1000) b"],
        env=psql.environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        time.sleep(1)
        running.send_signal(signal.SIGINT)
        assert "canceling statement due to user request" in running.communicate(timeout=30)[1]
