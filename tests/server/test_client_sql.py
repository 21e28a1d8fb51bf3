"""What `client-sql` writes; the server is a macro that answers with the text that it is sent."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ecomsql import catalogue
from ecomsql.errors import OptionError
from ecomsql.server.addresses import Address
from ecomsql.server.client_sql import LITERAL, OPTION, Client, client_sql
from ecomsql.server.signature import parameters

ADDRESS = Address("127.0.0.1", 9494)
FUNCTIONS = catalogue.functions()


def statements(text: str) -> list[str]:
    """Return the statements of a file without those of the shell."""
    lines = [line for line in text.splitlines() if not line.startswith((".", "--"))]
    return [part.strip() for part in "\n".join(lines).split(";\n") if part.strip()]


@pytest.fixture(scope="module")
def client():
    """A DuckDB with the macros of a client, whose server answers with what it was sent."""
    with duckdb.connect() as con:
        con.execute("ATTACH ':memory:' AS shop")
        con.execute("CREATE MACRO shop.query(text) AS TABLE SELECT text AS sent, text AS _answer")
        for statement in statements(client_sql(Client(address=ADDRESS))):
            if statement.startswith("CREATE OR REPLACE TEMP MACRO"):
                con.execute(statement)
        yield con


def sent(client, call: str) -> str:
    return client.execute(f"SELECT sent FROM {call}").fetchone()[0]


def literal(client, value: str) -> str:
    return client.execute(f"SELECT {LITERAL}({value})").fetchone()[0]


def test_every_function_has_its_macro(client):
    [(names,)] = client.execute(
        "SELECT list(function_name ORDER BY function_name) FROM duckdb_functions() "
        "WHERE database_name = 'temp' AND NOT internal"
    ).fetchall()
    assert names == sorted([LITERAL, OPTION, *(function.name for function in FUNCTIONS)])


def test_parameters_are_those_of_the_functions(con, client):
    asked = "SELECT function_name, parameters FROM duckdb_functions() WHERE database_name = ?"
    there = dict(con.execute(asked, ["ecomsql"]).fetchall())
    here = dict(client.execute(asked, ["temp"]).fetchall())
    for function in FUNCTIONS:
        named = [one.name for one in parameters(function)]
        assert named == here[function.name] == there[function.name]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_what_is_as_usual_is_not_sent(client, function):
    required = [one.name for one in parameters(function) if one.default is None]
    given = ", ".join(f"'{name}'" for name in required)
    end = f"ecomsql.main.{function.name}({given})"
    if function.kind == "table":
        assert sent(client, f"{function.name}({given})") == f"FROM {end}"
    else:
        [(text,)] = client.execute(f"SELECT {function.name}({given})").fetchall()
        assert text == f"SELECT {end} AS _answer"


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_every_option_is_sent(client, function):
    options = [one for one in parameters(function) if one.default is not None]
    if not options:
        pytest.skip("it has no options")
    required = [f"'{one.name}'" for one in parameters(function) if one.default is None]
    given = ", ".join([*required, *(f"{one.name} := 'a''b'" for one in options)])
    assert (
        sent(client, f"{function.name}({given})") == f"FROM ecomsql.main.{function.name}({given})"
    )


def test_the_text_runs_on_the_server(con, client):
    text = sent(client, "recommend('board', k := 2, method := 'item_knn')")
    assert text == "FROM ecomsql.main.recommend('board', k := 2, method := 'item_knn')"
    at_home = con.execute("FROM recommend(board, k := 2, method := 'item_knn')").fetchall()
    assert con.execute(text).fetchall() == at_home


VALUES = """
3 | -3 | 0.9 | 1e300 | 'inf'::DOUBLE | true | NULL | 1.10::DECIMAL(10, 2) | 5::BIGINT
12345678901234567890123::HUGEINT | '101'::BIT | '\\x00\\xFF''a'::BLOB
'' | 'NULL' | 'it''s; -- $$ /* ' | '😀日本' | e'new\\nline\\\\'
'x'::ENUM('x', 'it''s') | '{"a": "it''s"}'::JSON | '0b7a7c2e-0d1e-4c43-9e0b-111111111111'::UUID
DATE '2026-01-02' | TIMESTAMP '2026-01-02 03:04:05.123456' | TIME '10:11:12'
TIMESTAMPTZ '2026-01-02 03:04:05+03' | INTERVAL 7 DAY | -INTERVAL 90 DAY | [INTERVAL 1 DAY]
INTERVAL '1 year 2 months -3 days 04:05:06.000007'
[] | [1, 2, NULL] | [[1], [2, 3]] | [0.5, 0.25] | ['a', 'b'] | ['a']::VARCHAR[1] | [true]
['it''s', 'a,b', '', 'NULL', NULL, ' lead', 'x]', '[y', 'q"q', e'b\\\\s', e'n\\nl', '$$;--']
{'a': 1, 'b': 'x, y''s'} | {'a b': 1, 'q"q': 'x', 'it''s': [NULL, 'NULL']}
MAP {'it''s': 'v''', '=': '}'} | [DATE '2026-01-02']
"""


@pytest.mark.parametrize("value", VALUES.strip().replace("\n", " | ").split(" | "))
def test_a_literal_means_its_value(client, value):
    text = literal(client, value)
    same = f"SELECT ({value}) IS NOT DISTINCT FROM ({text})"
    assert client.execute(same).fetchone() == (True,)


# Before DuckDB 2.0 a statement ends at a NUL, inside the quotes: an error, not another statement.
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@settings(max_examples=150)
@given(st.one_of(TEXT, st.lists(TEXT)))
@example("'; DROP TABLE events; --")
@example(["\\", "'", '"', "',", "NULL", "null", "]", "\\'"])
def test_any_text_is_one_literal(client, value):
    [(text,)] = client.execute(f"SELECT {LITERAL}(?)", [value]).fetchall()
    assert len(client.extract_statements(f"SELECT {text}")) == 1
    assert client.execute(f"SELECT {text}").fetchall() == [(value,)]


@pytest.mark.parametrize("token", [None, "it's"])
def test_the_statements_parse(token):
    text = client_sql(Client(address=ADDRESS, token=token, name="select"))
    with duckdb.connect() as con:
        parsed = [con.extract_statements(statement) for statement in statements(text)]
    assert [len(one) for one in parsed] == [1] * len(parsed)
    assert len(parsed) == len(FUNCTIONS) + 2 + 2 + (2 if token else 4)


@pytest.mark.parametrize("name", ["", "a b", "a\n--", 'a"', "1a"])
def test_names_are_words(name):
    with pytest.raises(OptionError, match="letters, digits and underscores"):
        Client(address=ADDRESS, name=name)
    with pytest.raises(OptionError, match="environment variable"):
        Client(address=ADDRESS, variable=name)
