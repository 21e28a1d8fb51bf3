from __future__ import annotations

import contextlib
import time

import pytest
from events import EVENTS
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from ecomsql import catalogue
from ecomsql.cli import script
from ecomsql.shell.arguments import arguments, values
from ecomsql.shell.completion import SqlCompleter
from ecomsql.shell.names import Names


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    (folder / "sub").mkdir()
    return folder


@pytest.fixture(scope="module")
def there(files):
    """A connection, and the names of what is there; for all tests here, as it is only read."""
    with (
        contextlib.chdir(files),
        contextlib.closing(script.open_database(None)) as con,
    ):
        con.execute(EVENTS)
        con.execute(THINGS)
        names = Names(con)
        names.read()
        yield con, names


THINGS = """
        CREATE TABLE "odd name" ("or der" INTEGER, "select" INTEGER);
        CREATE SCHEMA s; CREATE TABLE s.inner_one (z INTEGER);
        ATTACH ':memory:' AS shop; CREATE TABLE shop.far (f INTEGER);
        CREATE TEMP TABLE passing (p INTEGER);
        CREATE VIEW seen AS SELECT user_id AS who FROM events;
        CREATE TABLE m AS SELECT 1 AS model;
        COPY events TO 'events.parquet'; COPY events TO 'all events.csv';
"""


@pytest.fixture
def complete(there, files, monkeypatch):
    """Return what may stand at the mark ``|``, or at the end, and what is said of each."""
    monkeypatch.chdir(files)
    completer = SqlCompleter(*there)

    def call(text, *, asked=False):
        at = text.index("|") if "|" in text else len(text)
        document = Document(text.replace("|", "", 1), at)
        found = completer.get_completions(document, CompleteEvent(completion_requested=asked))
        return {one.text: one.display_meta_text for one in found}

    return call


def test_keywords_in_the_case_that_is_typed(complete):
    assert next(iter(complete("sel"))) == "select"
    assert next(iter(complete("SEL"))) == "SELECT"
    assert next(iter(complete("FROM events wh"))) == "where"


@pytest.mark.parametrize(
    "text", ["FROM ", "SELECT * FROM events JOIN ", "INSERT INTO ", "FROM m, "]
)
def test_tables_and_views_of_everywhere(complete, text):
    found = complete(text)
    tables = {"events", "seen", "passing", "m", '"odd name"', "s.inner_one", "shop.far"}
    assert tables <= set(found)
    assert found["events"] == "table: user_id, item_id, ts"
    assert found["seen"].startswith("view")
    assert "'events.parquet'" in found


@pytest.mark.parametrize("text", ["CREATE TABLE ", "CREATE OR REPLACE TEMP TABLE "])
def test_what_is_new_has_no_name_yet(complete, text):
    assert complete(text) == {}
    assert "events" in complete("DROP TABLE ")


def test_names_behind_a_dot(complete):
    assert set(complete("FROM s.")) == {"inner_one"}
    assert "far" in complete("FROM shop.")
    assert set(complete("FROM shop.main.")) == {"far"}


@pytest.mark.parametrize(
    "text",
    [
        "SELECT u| FROM events",
        "SELECT u| FROM main.events AS e",
        "FROM events SELECT u",
        "SELECT 1; SELECT u| FROM events; SELECT 2",
        "SELECT count(*), sum(u| FROM events",
        "SELECT * FROM m JOIN events ON u",
        "UPDATE events SET u",
        "SELECT u| FROM 'events.parquet'",
        "SELECT u| FROM recommend(events, k := 3)",
    ],
)
def test_columns_of_what_the_statement_names(complete, text):
    assert next(iter(complete(text))) == "user_id"


def test_columns_behind_an_alias(complete):
    assert set(complete("SELECT e.| FROM events e")) == {"user_id", "item_id", "ts"}
    assert set(complete("SELECT r.| FROM recommend(events) AS r")) >= {"rank", "score"}
    assert set(complete('SELECT x.| FROM "odd name" x')) == {'"or der"', '"select"'}
    assert complete("SELECT x.| FROM events e") == {}


def test_names_in_quotes(complete):
    assert '"odd name"' in complete('FROM "odd')
    assert '"or der"' in complete('SELECT "or| FROM "odd name"')


def test_functions_with_their_summaries(complete):
    summaries = {function.name: function.summary for function in catalogue.functions()}
    assert complete("FROM recomm")["recommend("] == summaries["recommend"]
    assert "embed_text(" in complete("SELECT embed")
    assert "date_trunc(" in complete("SELECT date_t")
    assert "recommend" in complete("FROM recomm|(events)")


@pytest.mark.parametrize("text", ["FROM recommend(events, ", "FROM recommend('a.csv', seed := 1, "])
def test_named_arguments_with_descriptions(complete, text):
    found = complete(text)
    assert found["k := "] == "10; how many items a user, at most"
    assert ("seed := " in found) is ("seed" not in text)
    assert "data := " not in found


def test_a_named_argument_that_is_begun(complete):
    assert list(complete("FROM recommend(events, user_"))[:1] == ["user_col := "]
    assert "k := " not in complete("SELECT sum(1, ", asked=True)


@pytest.mark.parametrize("argument", ["model", "users", "items"])
def test_relations_that_are_named_in_quotes(complete, argument):
    found = complete(f"FROM recommend(events, {argument} := '")
    assert {"m'", "s.inner_one'", "shop.far'", "events.parquet'"} <= set(found)


@pytest.mark.parametrize("data", ["events", "'events.parquet'"])
def test_columns_of_the_data_for_roles(complete, data):
    found = complete(f"FROM recommend({data}, item_col := '")
    assert set(found) == {"user_id'", "item_id'", "ts'"}
    assert set(complete(f"FROM train_classifier({data}, '")) == {"user_id'", "item_id'", "ts'"}


def test_the_values_that_an_argument_takes(complete):
    assert set(complete("FROM recommend(events, method := 'e")) == {"ease'"}
    assert "als'" in complete("FROM evaluate_recommender(events, method := ['ease', 'a")


@pytest.mark.parametrize(
    "text",
    ["SELECT * FROM '", "FROM recommend('", "FROM read_parquet('", "COPY m TO '", "ATTACH '"],
)
def test_files(complete, text):
    assert {"events.parquet'", "all events.csv'", "sub/"} <= set(complete(text))


def test_a_quote_that_is_there_is_not_typed_twice(complete):
    assert "events.parquet" in complete("FROM 'eve|'")


@pytest.mark.parametrize(
    "text", ["-- sel", "SELECT 'sel", "SELECT 1 /* sel", "SELECT * FROM events WHERE ts > '2025"]
)
def test_nothing_in_comments_and_other_strings(complete, text):
    assert complete(text) == {}


def test_nothing_pops_up_without_a_word(complete):
    assert complete("SELECT ") == {}
    assert complete("SELECT 1 ") == {}
    assert "user_id" in complete("SELECT | FROM events", asked=True)


def test_dot_commands(complete):
    assert {".tables", ".timer"} <= set(complete(".t"))
    assert set(complete(".timer ")) == {"on", "off"}
    assert "markdown" in complete(".mode m")
    assert "recommend" in complete(".help reco")
    assert "events" in complete(".schema e")
    assert set(complete(".read eve")) == {"events.parquet"}
    assert set(complete(".read all")) == {"'all events.csv'"}
    assert set(complete(".cd ")) == {"sub/"}
    assert complete(".timer on o") == {}
    assert complete(".nonsense x") == {}


def test_names_are_read_again_when_something_may_have_changed(con):
    names = Names(con)
    assert names.read() is names.read()
    con.execute("CREATE TABLE later (a INTEGER)")
    assert not names.read().columns_of(("later",))
    names.renew()
    assert names.read().columns_of(("LATER",)) == {"a": "INTEGER"}


def test_typing_is_not_slowed(complete):
    begun = time.perf_counter()
    for end in range(len(QUERY)):
        complete(QUERY[:end])
    assert (time.perf_counter() - begun) / len(QUERY) < 0.05


QUERY = """WITH a AS (FROM events WHERE ts > TIMESTAMP '2025-01-01')
SELECT e.user_id, count(*) AS n FROM recommend(events, k := 5, model := 'm', user_col := 'user_id')
AS r JOIN events e USING (user_id) LEFT JOIN "odd name" ON e.item_id = "or der"
WHERE n IN (SELECT z FROM s.inner_one) GROUP BY ALL ORDER BY n DESC LIMIT 5;"""


PIECES = (
    "FROM recommend( events ' \" , k := model [ ] ) ; . -- /* $$ { JOIN e \n 1 AS '' .mode".split(
        " "
    )
)


@given(st.lists(st.sampled_from(PIECES), max_size=12), st.data())
def test_no_text_is_too_odd(there, pieces, data):
    """The completer lets no error through; what it is made of raises none in the first place."""
    text = data.draw(st.sampled_from(["", " "])).join(pieces)
    document = Document(text, data.draw(st.integers(0, len(text))))
    list(SqlCompleter(*there)._found(document, asked=True))


def test_every_argument_is_found():
    for function in catalogue.functions():
        assert list(arguments(function.name)) == list(function.arguments), function.name


def test_what_takes_a_model_is_known():
    assert arguments("recommend")["model"].is_relation
    assert arguments("evaluate_forecast")["actual"].is_relation
    assert not arguments("train_test_split")["test"].is_relation
    assert arguments("recommend")["user_col"].is_column
    assert "als" in values(arguments("recommend")["method"])
    assert arguments("sum") == {}
