"""Every public function is documented, exemplified, tested, and blind to the names of users."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from ecomsql import catalogue
from ecomsql.catalogue import Function

FUNCTIONS = {function.name: function for function in catalogue.functions()}
MACROS = {function.name: function for function in catalogue.macros()}
RECOMMENDING = [name for name in FUNCTIONS if "_recommender(" in MACROS[name].statement]
SQL_TESTS = Path(__file__).parent / "sql"

every_function = pytest.mark.parametrize("name", FUNCTIONS)
every_recommending = pytest.mark.parametrize("name", RECOMMENDING)


@every_function
def test_has_a_summary_and_a_description(name):
    function = FUNCTIONS[name]
    assert re.fullmatch(r"[A-Z].*\.", function.summary)
    assert function.description or not function.arguments
    assert function.returns
    assert name in function.example


@every_function
def test_describes_each_parameter_and_nothing_else(name, con):
    (parameters,) = one(
        con, "SELECT parameters FROM duckdb_functions() WHERE function_name = ?", name
    )
    assert list(FUNCTIONS[name].arguments) == parameters
    assert all(FUNCTIONS[name].arguments.values())


@every_function
def test_comment_is_visible_in_sql(name, con):
    (comment,) = one(
        con,
        "SELECT comment FROM duckdb_functions() "
        "WHERE function_name = ? AND database_name = 'ecomsql'",
        name,
    )
    assert comment == FUNCTIONS[name].comment


@every_function
def test_returns_what_it_says(name, con, shop_folder, monkeypatch):
    monkeypatch.chdir(shop_folder)
    verb = "FROM" if FUNCTIONS[name].kind == "table" else "SELECT"
    call = f"{ctes_in(FUNCTIONS[name])} {verb} {call_in(FUNCTIONS[name])}"
    there = con.execute(f"DESCRIBE {call}").fetchall()
    said = [column.split(" ") for column in FUNCTIONS[name].returns.split(", ")]
    if verb == "SELECT":
        assert [there[0][1]] == said[0]
        return
    if said[0] == ["every", "column", "of", "data"]:
        said = [said[1][1:], *said[2:]]
        there = there[-len(said) :]
    assert [row[0] for row in there] == [words[0] for words in said]
    for (column, kind, *_), words in zip(there, said, strict=True):
        assert len(words) == 1 or con.sql(f"SELECT NULL::{words[1]} AS x").types == [kind], column


@every_function
def test_example_runs_and_gives_rows(name, con, shop_folder, monkeypatch):
    monkeypatch.chdir(shop_folder)
    assert con.sql(FUNCTIONS[name].example.rstrip(";")).to_arrow_table().num_rows > 0


@every_function
def test_has_sql_tests_of_right_and_of_wrong_use(name):
    text = (SQL_TESTS / f"{name}.test").read_text(encoding="utf-8")
    assert text.count("\nquery ") > 3
    assert text.count("\nstatement error") >= 3
    assert all(f"{name}(" in part for part in re.findall(r"DESCRIBE FROM [^\n]*", text))


def test_every_sql_test_is_of_a_function():
    assert {path.stem for path in SQL_TESTS.glob("*.test")} == set(FUNCTIONS)


def test_functions_in_sql_are_the_catalogue(con):
    listed = con.execute("FROM ecomsql_functions()").fetchall()
    fields = ("name", "kind", "signature", "summary", "example")
    assert listed == [tuple(getattr(one, field) for field in fields) for one in FUNCTIONS.values()]


def test_documented_methods_are_those_that_exist():
    from ecomsql.models.fitting import methods

    for name in ("recommend", "train_recommender", "evaluate_recommender"):
        told = set(re.findall(r"\w+", FUNCTIONS[name].arguments["method"]))
        missing = set(methods()) - told
        assert not missing, f"{name} does not name {missing}"


# A macro's CTE hides a table of the same name, silently: names of users must not matter.


def identifiers(name: str) -> list[str]:
    """Return every word in the statement of a macro and of those that it calls."""
    words: set[str] = set()
    for macro in used_by(name):
        text = re.sub(r"'(?:[^']|'')*'|--[^\n]*", "", MACROS[macro].statement)
        words |= set(re.findall(r"\b[A-Za-z_]\w*", text))
    return sorted(word for word in words if not word.startswith("_ecomsql_"))


def used_by(name: str) -> set[str]:
    found = {name}
    for callee in MACROS[name].calls:
        found |= used_by(callee)
    return found


def relation_names(name: str) -> list[str]:
    """Return what could stand for a relation: CTEs, aliases and parameters of those macros.

    What the functions have in common is seen through the two that take most relations.
    """
    macros = used_by(name) if name in ("recommend", "evaluate_recommender") else {name}
    statements = [MACROS[macro].statement for macro in macros]
    named = r"\b([a-z_]+) AS (?:MATERIALIZED )?\(|\) AS ([a-z_]+)|(?:FROM|JOIN) \w+ AS (\w+)"
    words = {word for text in statements for found in re.findall(named, text) for word in found}
    parameters = {word for macro in macros for word in MACROS[macro].arguments}
    return sorted(one for one in words | parameters if one and not one.startswith("_ecomsql_"))


@pytest.fixture(scope="module")
def everything():
    """A connection with `ordinary`: interactions, a list of users and a stored model in one."""
    import ecomsql

    with ecomsql.connect() as con:
        con.execute(
            "CREATE TABLE plain AS SELECT u AS user_id, i AS item_id, (u * i) % 7 AS ts, "
            "1 + i % 2 AS weight FROM range(6) AS _(u), range(6) AS __(i) WHERE (u + i) % 3 > 0"
        )
        con.execute("CREATE TABLE m AS FROM train_recommender(plain, method := 'item_knn')")
        con.execute("CREATE TABLE ordinary AS SELECT plain.*, model, trained_at FROM plain, m")
        yield con


def calls_on(name: str, relation: str) -> str:
    """Return a call that gives `relation` to every parameter that takes one."""
    given = [
        f"{one} := '{relation}'"
        for one in ("users", "model", "test")
        if one in FUNCTIONS[name].arguments
    ]
    if "method" in FUNCTIONS[name].arguments and "model" not in FUNCTIONS[name].arguments:
        given.append("method := 'popular'")
    if name == "similar_users":
        given = ["method := 'user_knn'"]
    if name == "evaluate_recommender":
        given.append("exclude_seen := false")
    columns = "* EXCLUDE (trained_at)" if name == "train_recommender" else "*"
    return f"SELECT {columns} FROM {name}({', '.join([chr(39) + relation + chr(39), *given])})"


@every_recommending
def test_names_of_relations_do_not_matter(name, everything):
    expected = everything.execute(calls_on(name, "ordinary")).fetchall()
    assert expected
    for relation in relation_names(name):
        # A CTE, where the macro's own ones are nearest, and a table of that name behind it.
        everything.execute(f'CREATE TEMP TABLE "{relation}" AS FROM ordinary WHERE user_id = 1')
        cte = f'WITH "{relation}" AS (FROM ordinary) '
        assert everything.execute(cte + calls_on(name, relation)).fetchall() == expected, relation
        everything.execute(f'DROP TABLE "{relation}"')


@every_recommending
def test_names_of_columns_do_not_matter(name, everything):
    expected = everything.execute(calls_on(name, "ordinary")).fetchall()
    taken = {"user_id", "item_id", "ts", "weight", "model", "trained_at"}
    extra = {word.lower() for word in identifiers(name)} - taken
    columns = ", ".join(f"'{word}?' AS \"{word}\"" for word in sorted(extra))
    everything.execute(f"CREATE OR REPLACE TEMP TABLE wide AS SELECT {columns}, * FROM ordinary")
    assert everything.execute(calls_on(name, "wide")).fetchall() == expected


@every_recommending
def test_roles_may_be_named_like_anything_inside(name, everything):
    columns = "user_col := '{}', item_col := '{}', time_col := '{}', weight_col := '{}'"
    method = "user_knn" if name == "similar_users" else "item_knn"
    split = ", split := 'random'" if name == "evaluate_recommender" else ""
    what = "model" if name == "train_recommender" else "*"
    call = f"SELECT {{}} FROM {name}(renamed, method := '{method}', {columns}{split})"
    words = [word.lower() for word in identifiers(name)]
    names = list(dict.fromkeys(words))
    names += names[: -len(names) % 4]
    answers = set()
    for at in range(0, len(names), 4):
        roles = names[at : at + 4]
        if len(set(roles)) < 4:
            roles = [f"{role}{n}" for n, role in enumerate(roles)]
        own = ("user_id", "item_id", "ts", "weight")
        pairs = ", ".join(f'{a} AS "{b}"' for a, b in zip(own, roles, strict=True))
        everything.execute(f"CREATE OR REPLACE TEMP TABLE renamed AS SELECT {pairs} FROM ordinary")
        rows = everything.execute(call.format(what, *roles)).fetchall()
        answers.add(repr(rows) if name != "train_recommender" else len(rows))
    assert len(answers) == 1


def one(con: duckdb.DuckDBPyConnection, query: str, *values: object) -> tuple:
    [row] = con.execute(query, list(values)).fetchall()
    return row


def ctes_in(function: Function) -> str:
    """Return the WITH clause that stands before the call in the example of a function."""
    verb = "FROM|SELECT"
    before = re.match(rf"(WITH\b.*\))\s*(?:{verb}) {function.name}\(", function.example, re.DOTALL)
    return before[1] if before else ""


def call_in(function: Function) -> str:
    """Return the call within the example of a function."""
    start = function.example.index(f"{function.name}(")
    depth = 0
    for at in range(start, len(function.example)):
        depth += {"(": 1, ")": -1}.get(function.example[at], 0)
        if depth == 0 and function.example[at] == ")":
            return function.example[start : at + 1]
    raise AssertionError(function.example)
