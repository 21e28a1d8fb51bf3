from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text.utils import fragment_list_to_text

from ecomsql.shell.highlighting import LONGEST, Highlighter
from ecomsql.shell.names import Names, Snapshot


@pytest.fixture
def coloured(con):
    """Return the style of each piece of a text that has one."""
    con.execute("CREATE TABLE t (name INTEGER)")
    names = Names(con)
    names.read()
    highlighter = Highlighter(names)

    def call(text):
        lines = highlighter.lex_document(Document(text))
        parts = [part for number in range(text.count("\n") + 1) for part in lines(number)]
        return {part: style.rpartition(".")[2] for style, part, *_ in parts if part.strip()}

    return call


def test_what_is_what(coloured):
    found = coloured(
        "SELECT name, date_trunc('day', ts), 1.5 -- it\nFROM recommend(t, k := 3) AS \"r\""
    )
    assert found["SELECT"] == found["FROM"] == "keyword"
    # A keyword that is not reserved may be a column.
    assert found["name"] == "name"
    assert found["date_trunc"] == "function"
    assert found["recommend"] == "builtin"
    assert found["k"] == "attribute"
    assert found["'day'"] == "string"
    assert found["1.5"] == "number"
    assert found["-- it"] == "comment"
    assert found['"r"'] == "name"


def test_a_string_over_two_lines(coloured):
    found = coloured("SELECT 'a\nb'")
    assert found["'a"] == found["b'"] == "string"


def test_what_is_no_sql_is_plain(coloured):
    assert set(coloured(".tables from").values()) == {""}
    assert set(coloured("SELECT " * LONGEST).values()) == {""}


class Nothing:
    now = Snapshot()


@given(st.text(alphabet="aE'\"$-/*;.0 \n\\_:=(", max_size=40))
def test_no_letter_is_lost(text):
    lines = Highlighter(Nothing()).lex_document(Document(text))
    assert "\n".join(fragment_list_to_text(lines(i)) for i in range(text.count("\n") + 1)) == text
