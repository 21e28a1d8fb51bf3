"""Reading the SQL files."""

from __future__ import annotations

import pytest

from ecomsql import catalogue

GOOD = """\
-- Say a number.
--
-- The number is the one
-- that was given.
--
-- Arguments:
--   n: the number, which
--     may be long to tell
--   m: another (with: a colon)
-- Returns: n INTEGER,
--   m DOUBLE
-- Example:
--   FROM say(3)
--   LIMIT 1;
CREATE OR REPLACE MACRO say(
    n,
    m := coalesce(NULL, (1))
) AS TABLE
SELECT n, m FROM ecomsql.main._helper(n), ecomsql.main.say_not(m);
"""


def test_parse_reads_all_parts():
    function = catalogue.parse("say", GOOD)
    assert function.name == "say"
    assert function.kind == "table"
    assert function.signature == "say(n, m := coalesce(NULL, (1)))"
    assert function.summary == "Say a number."
    assert function.description == "The number is the one that was given."
    assert function.arguments == {
        "n": "the number, which may be long to tell",
        "m": "another (with: a colon)",
    }
    assert function.returns == "n INTEGER, m DOUBLE"
    assert function.example == "FROM say(3)\nLIMIT 1;"
    assert function.statement.startswith("CREATE OR REPLACE MACRO say(")
    assert function.statement.endswith("say_not(m)")
    assert function.calls == {"_helper", "say_not"}
    assert function.is_public


def test_comment_holds_all_parts():
    lines = catalogue.parse("say", GOOD).comment.splitlines()
    assert lines == [
        "Say a number.",
        "The number is the one that was given.",
        "Arguments:",
        "  n: the number, which may be long to tell",
        "  m: another (with: a colon)",
        "Returns: n INTEGER, m DOUBLE",
        "Example: FROM say(3)",
        "LIMIT 1;",
    ]


def test_a_scalar_macro_and_a_bare_header():
    text = "-- Double.\n-- Returns: INTEGER\ncreate or replace macro _twice(x) AS 2 * x"
    function = catalogue.parse("_twice", text)
    assert (function.kind, function.is_public) == ("scalar", False)
    assert (function.arguments, function.example, function.description) == ({}, "", "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-- Only a comment.",
        "-- Other.\nCREATE OR REPLACE MACRO other(x) AS x",
        "-- Gap.\n\nSELECT 1;\nCREATE OR REPLACE MACRO say(x) AS x",
        "-- No end.\nCREATE OR REPLACE MACRO say(x AS x",
    ],
)
def test_parse_refuses_what_is_no_macro_of_that_name(text):
    with pytest.raises(ValueError, match=r"must create the macro say|not closed"):
        catalogue.parse("say", text)


def test_every_macro_comes_after_those_that_it_calls():
    seen: set[str] = set()
    for function in catalogue.in_order_of_use():
        assert function.calls <= seen
        seen.add(function.name)
    assert seen == {function.name for function in catalogue.macros()}


def test_macros_that_call_each_other_are_refused(monkeypatch):
    text = "-- X.\nCREATE OR REPLACE MACRO {0}(x) AS ecomsql.main.{1}(x)"
    circle = tuple(catalogue.parse(a, text.format(a, b)) for a, b in ("ab", "ba"))
    monkeypatch.setattr(catalogue, "macros", lambda: circle)
    with pytest.raises(ValueError, match="in a circle: a, b"):
        list(catalogue.in_order_of_use())


def test_functions_are_the_public_ones_by_name():
    names = [function.name for function in catalogue.functions()]
    assert names == sorted(names)
    assert not any(name.startswith("_") for name in names)
