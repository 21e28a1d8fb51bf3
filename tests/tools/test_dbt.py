"""A dbt project whose models use the functions, run by dbt itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import duckdb
import pytest
from board import BOARD
from clients import needs

import ecomsql

needs("dbt.adapters.duckdb", "ecomsql[dbt]")

from dbt.adapters.duckdb.credentials import Attachment, DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError

OWN_ITEMS = [(user, user) for user in range(6)]
"""What each user of the board lacks, and is recommended."""

TOP = "k := 1, method := 'item_knn'"

MODELS = {
    "right/board.sql": f"{{{{ config(materialized='table') }}}} {BOARD.split(' AS ', 1)[1]}",
    "right/recs.sql": f"""
        {{{{ config(materialized='table') }}}}
        SELECT * FROM recommend({{{{ ref('board') }}}}, {TOP})""",
    "right/recs_view.sql": f"SELECT * FROM recommend({{{{ ref('board') }}}}, {TOP})",
    "right/recs_cte.sql": f"""
        {{{{ config(materialized='table') }}}}
        WITH even AS (SELECT * FROM {{{{ ref('board') }}}} WHERE user_id % 2 = 0)
        SELECT * FROM recommend(even, {TOP})""",
    "right/m.sql": """
        {{ config(materialized='table', schema='models') }}
        SELECT * FROM train_recommender({{ ref('board') }}, method := 'item_knn')""",
    "right/recs_model.sql": """
        {{ config(materialized='table') }}
        SELECT * FROM recommend({{ ref('board') }}, model := '{{ ref("m") }}', k := 1)""",
    "right/recs_more.sql": f"""
        {{{{ config(materialized='incremental', unique_key='user_id') }}}}
        SELECT *, {{{{ is_incremental() }}}} AS again
        FROM recommend({{{{ ref('board') }}}}, {TOP})
        {{% if is_incremental() %}} WHERE user_id >= 3 {{% endif %}}""",
    "right/recs_python.py": f"""
        def model(dbt, session):
            board = dbt.ref("board")
            return session.sql("FROM recommend(board, {TOP})")""",
    "right/recs_raw.sql": f"""
        {{{{ config(materialized='table') }}}}
        SELECT * FROM recommend({{{{ source('raw', 'board') }}}}, {TOP})""",
    "right/raw.yml": "sources: [{name: raw, database: raw, schema: main, tables: [{name: board}]}]",
    "wrong/method.sql": """
        {{ config(materialized='table') }}
        SELECT * FROM recommend({{ source('made', 'board') }}, method := 'als2')""",
    "wrong/name.sql": "SELECT * FROM recommed({{ source('made', 'board') }})",
    "wrong/made.yml": "sources: [{name: made, schema: main, tables: [{name: board}]}]",
}

RECS = ["recs", "recs_view", "recs_model", "recs_more", "recs_python", "recs_raw"]

PLUGIN = {"module": "ecomsql.dbt"}

TARGETS = {
    "file": {"path": "shop.duckdb", "attach": [{"path": "raw.duckdb", "read_only": True}]},
    "memory": {"path": ":memory:", "settings": {"preserve_insertion_order": False}},
    "named": {"path": "ecomsql.duckdb"},
}

RUNS = {
    "first": ["--target", "file", "--select", "path:models/right"],
    "second": ["--target", "file", "--select", "recs_more"],
    "wrong": ["--target", "file", "--select", "path:models/wrong"],
    "memory": ["--target", "memory", "--select", "board", "recs"],
    "named": ["--target", "named", "--select", "board"],
}

# One process for all runs, as most of the time goes into its start.
PROGRAM = """
import json, sys
from dbt.cli.main import dbtRunner

told = {}
for name, arguments in json.loads(sys.argv[1]).items():
    print(f"== {name}", flush=True)
    ran = dbtRunner().invoke(["--no-use-colors", "run", *arguments])
    results = getattr(ran.result, "results", None) or []
    told[name] = {
        "nodes": {one.node.name: [str(one.status), one.message] for one in results},
        "error": None if ran.exception is None else str(ran.exception),
    }
print("== told")
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A folder with the project."""
    folder = tmp_path_factory.mktemp("dbt")
    for name, text in MODELS.items():
        path = folder / "models" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).strip() + "\n")
    with duckdb.connect(folder / "raw.duckdb") as con:
        con.execute(BOARD)
    flags = {"send_anonymous_usage_stats": False}
    configuration = {"name": "shop", "profile": "shop", "version": "1.0", "flags": flags}
    (folder / "dbt_project.yml").write_text(json.dumps(configuration))
    common = {"type": "duckdb", "threads": 4, "plugins": [PLUGIN]}
    outputs = {name: {**common, **target} for name, target in TARGETS.items()}
    (folder / "profiles.yml").write_text(
        json.dumps({"shop": {"target": "file", "outputs": outputs}})
    )
    return folder


@pytest.fixture(scope="module")
def ran(project) -> dict:
    """What dbt said of every run, and all that it printed."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(RUNS)],
        cwd=project,
        env={**os.environ, "DBT_PROFILES_DIR": str(project)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    printed, told = done.stdout.split("== told\n")
    return {**json.loads(told), "printed": printed}


@pytest.fixture(scope="module")
def shop(project, ran) -> duckdb.DuckDBPyConnection:
    with ecomsql.connect(project / "shop.duckdb", read_only=True) as con:
        yield con


def test_every_model_is_built(ran):
    statuses = {name: status for name, (status, _) in ran["first"]["nodes"].items()}
    wanted = {Path(name).stem for name in MODELS if name.startswith("right/") and "yml" not in name}
    assert statuses == dict.fromkeys(wanted, "success")


@pytest.mark.parametrize("model", RECS)
def test_models_hold_what_the_functions_say(shop, model):
    query = f"SELECT user_id, item_id FROM {model} ORDER BY user_id"
    assert shop.execute(query).fetchall() == OWN_ITEMS


def test_a_cte_of_the_model_is_data(shop):
    query = "SELECT user_id, item_id FROM recs_cte ORDER BY user_id"
    assert shop.execute(query).fetchall() == [(0, 0), (2, 2), (4, 4)]


def test_an_incremental_model_goes_on(shop, ran):
    assert ran["second"]["nodes"] == {"recs_more": ["success", "OK"]}
    query = "SELECT again, count(*) FROM recs_more GROUP BY again ORDER BY again"
    assert shop.execute(query).fetchall() == [(False, 3), (True, 3)]


def test_nothing_of_ecomsql_is_in_the_database(shop):
    query = "SELECT function_name FROM duckdb_functions() WHERE database_name = 'shop'"
    assert shop.execute(query).fetchall() == []


def test_databases_in_memory_and_settings_of_the_profile(ran):
    assert ran["memory"]["nodes"] == {"board": ["success", "OK"], "recs": ["success", "OK"]}


def test_a_wrong_option_of_a_function_is_told(ran):
    status, message = ran["wrong"]["nodes"]["method"]
    assert status == "error"
    assert "recommend: method := 'als2' is not one of: als, " in message
    assert ran["wrong"]["nodes"]["name"][1].count('Did you mean "recommend"?') == 1


def test_a_database_of_the_name_of_the_catalog_is_told(ran):
    told = "the database ecomsql.duckdb takes the name of the catalog 'ecomsql' that holds"
    assert told in ran["named"]["error"]
    assert ran["named"]["nodes"] == {}


def test_there_is_no_traceback(ran):
    assert "Traceback" not in ran["printed"]


@pytest.mark.parametrize(
    ("profile", "config", "message"),
    [
        ({"attach": [Attachment("data/ecomsql.db")]}, {}, "data/ecomsql.db takes the name"),
        ({"attach": [Attachment("x.db", alias="Ecomsql")]}, {}, "give it another alias"),
        (
            {"settings": {"threads": 1}},
            {"k": 3, "a": 1},
            "takes no options, but its config has a, k",
        ),
    ],
)
def test_a_wrong_profile_is_told(profile, config, message):
    credentials = DuckDBCredentials(**profile)
    options = {**credentials.settings, **config}
    with pytest.raises(DbtRuntimeError, match=message):
        BasePlugin.create("ecomsql.dbt", config=options, credentials=credentials)


def test_a_profile_that_is_right():
    credentials = DuckDBCredentials(
        path="shop.duckdb",
        settings={"threads": 1},
        attach=[Attachment("ecomsql.duckdb", alias="old"), Attachment("other.duckdb")],
    )
    BasePlugin.create("ecomsql.dbt", config=credentials.settings, credentials=credentials)
