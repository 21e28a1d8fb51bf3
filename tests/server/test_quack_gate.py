"""What becomes of the queries of Quack's clients, and of a server without its extension."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest

import ecomsql
from ecomsql.errors import QuackError
from ecomsql.server import quack, quack_extension, quack_gate
from ecomsql.server.policy import Policy
from ecomsql.server.quack_gate import Gate

FIRST = "SET search_path = 'it''s.main,ecomsql.main';\n"


def asked(gate: Gate, client: str, *queries: str) -> list[str | None]:
    return gate.text(pa.array([client] * len(queries)), pa.array(queries)).to_pylist()


def test_the_first_query_of_a_client_sets_its_search_path():
    gate = Gate(Policy(), "it's.main,ecomsql.main")
    assert asked(gate, "a", "FROM x", "FROM y") == [f"{FIRST}FROM x", "FROM y"]
    assert asked(gate, "b", "DROP TABLE x", "FROM y") == [f"{FIRST}DROP TABLE x", "FROM y"]


def test_clients_are_not_remembered_for_good(monkeypatch):
    monkeypatch.setattr(quack_gate, "MOST", 2)
    gate = Gate(Policy(), "it's.main,ecomsql.main")
    for client in "abac":
        asked(gate, client, "FROM x")
    assert asked(gate, "a", "FROM x") == ["FROM x"]
    assert asked(gate, "b", "FROM x") == [f"{FIRST}FROM x"]


def test_the_policy_is_asked():
    gate = Gate(Policy(read_only=True), "main")
    asked(gate, "a", "SELECT 1")
    allowed = ["SELECT 1", "FROM x", "BEGIN TRANSACTION", "SELEC 1", "EXPLAIN SELECT 1", ""]
    assert asked(gate, "a", *allowed) == allowed
    refused = asked(gate, "a", "COPY x TO 'y'", "SELECT 1; DROP TABLE x", "CREATE TABLE x (a INT)")
    assert [text.startswith("SELECT error('the server is read-only") for text in refused] == [
        True
    ] * 3
    assert asked(gate, "a", "INSERT INTO x VALUES (NULL)", "INSERT INTO x FROM y") == [None, None]


@pytest.mark.parametrize(
    "query",
    [
        "FROM quack_serve('quack:0.0.0.0', token := 'mine', allow_other_hostname := true)",
        "WITH a AS (FROM system.main.\"QUACK_stop\"/**/('quack:localhost')) SELECT 1 FROM a",
        "SELECT 1; SELECT (SELECT count(*) FROM quack_active_connections())",
        "FROM query('FROM quack_' || 'stop(''quack:localhost'')')",
        "EXPLAIN ANALYZE FROM quack_stop('quack:localhost')",
        "SET VARIABLE v = (SELECT 1 FROM quack_stop('quack:localhost'))",
        "PREPARE p AS FROM query('')",
    ],
)
def test_the_functions_of_quack_are_not_for_readers(query):
    gate = Gate(Policy(read_only=True), "main")
    [said] = asked(gate, "a", query)
    assert said.startswith("SELECT error('the server is read-only and does not run qu")
    assert asked(Gate(Policy(), "main"), "a", "SELECT 1", query)[1] == query


def test_what_looks_like_them_is_for_readers():
    gate = Gate(Policy(read_only=True), "main")
    asked(gate, "a", "SELECT 1")
    harmless = ["SELECT 'quack_stop', query FROM similar_reviews(r, query := 'x')", "FROM quack_t"]
    assert asked(gate, "a", *harmless) == harmless


@pytest.mark.skipif(duckdb.__version__ < "2", reason="CONNECT came with DuckDB 2.0")
def test_statements_unknown_to_python_are_refused():
    assert asked(Gate(Policy(read_only=True), "main"), "a", "CONNECT 'quack:elsewhere'") == [None]


def test_a_missing_extension_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setattr(quack_extension, "packaged", lambda *_: None)
    with ecomsql.connect(config={"extension_directory": str(tmp_path)}) as con:
        with pytest.raises(
            QuackError, match=r"'httpfs' cannot be loaded .*INSTALL quack"
        ) as raised:
            quack.prepare(con)
        assert "\n" not in str(raised.value)
        version = duckdb.__version__
        by_pip = f"pip install duckdb-extension-quack=={version} duckdb-extension-httpfs=={version}"
        assert (by_pip in str(raised.value)) == version.startswith("1.")
