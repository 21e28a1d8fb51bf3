from __future__ import annotations

import contextlib
import time

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecomsql.shell.statements import inputs, is_complete, is_ready, statement_at
from ecomsql.shell.tokens import tokens

COMPLETE = [
    "SELECT 1;",
    "SELECT 1; -- one; two",
    "SELECT 1 /* ; */ ;",
    "SELECT ';' AS a;  \n",
    "SELECT 'it''s';",
    "SELECT E'it\\'s;';",
    "SELECT $$it's;$$;",
    "SELECT $a$ $$ ; $b$ $a$;",
    'SELECT 1 AS "a;""b";',
    "SELECT 1;\nSELECT 2;",
    "SELECT 1 /* /* ; */ */;",
    "SELECT a$$b$$;",
    ";",
    "",
    "  \n",
    "-- a comment",
    "/* a comment */",
    ".tables",
    "  .mode csv",
    "Quit",
    "exit;",
    "help",
]
OPEN = [
    "SELECT 1",
    "SELECT 1; SELECT 2",
    "SELECT ';",
    "SELECT 'it''s;",
    "SELECT E'it\\';",
    "SELECT $$it's;",
    "SELECT $a$ $$ ; $b$;",
    'SELECT 1 AS "a;',
    "SELECT 1 -- ;",
    "SELECT 1 /* ; */",
    "SELECT 1; /* and then",
    "SELECT 1 /* /* ; */ ;",
]


@pytest.mark.parametrize("text", COMPLETE)
def test_complete(text):
    assert is_complete(text)
    assert is_ready(text)


@pytest.mark.parametrize("text", OPEN)
def test_not_complete(text):
    assert not is_complete(text)
    assert not is_ready(text)


@pytest.mark.parametrize(
    "text",
    [text for text in COMPLETE if text not in (".tables", "  .mode csv", "Quit", "exit;", "help")],
)
def test_duckdb_sees_the_same_statements(text):
    for statement in duckdb.extract_statements(text):
        assert is_complete(statement.query.rstrip("; \n") + ";")


def test_a_paste_of_commands_and_statements():
    text = ".mode csv\nSELECT 1,\n2;\n\n-- that's it\n.mode box\nSELECT 3"
    assert [(number, part.strip()) for number, part in inputs(text.splitlines(keepends=True))] == [
        (1, ".mode csv"),
        (2, "SELECT 1,\n2;"),
        (4, ""),
        (5, "-- that's it"),
        (6, ".mode box"),
        (7, "SELECT 3"),
    ]
    assert not is_ready(text)
    assert is_ready(f"{text};")


def test_the_statement_around_the_cursor():
    text = "SELECT 1; SELECT 2 FROM t; SELECT 3"
    found = statement_at(text, text.index("2"))
    assert [token.text for token in found] == ["SELECT", "2", "FROM", "t"]
    assert [token.text for token in statement_at(text, len(text))] == ["SELECT", "3"]


@given(st.text(alphabet="aE'\"$-/*;.0 \n\\_:=(", max_size=40))
def test_tokens_are_the_text(text):
    found = tokens(text)
    assert "".join(token.text for token in found).split() == "".join(text).split() or all(
        text[token.start : token.end] == token.text for token in found
    )
    covered = {at for token in found for at in range(token.start, token.end)}
    assert all(letter.isspace() for at, letter in enumerate(text) if at not in covered)


@given(st.lists(st.sampled_from(["'a;'", '"b;"', "$$c;$$", "-- d;\n", "/* e; */", "f", " "])))
def test_nothing_inside_of_quotes_ends_a_statement(pieces):
    text = "SELECT 1 " + " ".join(pieces)
    assert not is_complete(text)
    assert is_complete(f"{text} ;")
    # Not everything that is complete is also right.
    with contextlib.suppress(duckdb.ParserException):
        assert len(duckdb.extract_statements(f"{text} ;")) == 1


def test_long_texts_are_read_once():
    begun = time.perf_counter()
    assert not is_complete("SELECT '" + "x" * 1_000_000)
    assert not is_complete("SELECT " + "(" * 100_000)
    assert time.perf_counter() - begun < 5
