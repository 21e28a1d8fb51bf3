"""What clients of a read-only or a confined server may do, and every way out that was tried."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

import ecomsql
from ecomsql import reading
from ecomsql.errors import EcomsqlError
from ecomsql.server.policy import Policy
from ecomsql.server.postgres.engine import Engine
from ecomsql.server.postgres.errors import PostgresError
from ecomsql.server.postgres.settings import Settings
from ecomsql.server.serving import Plan, open_database
from ecomsql.server.users import Users
from ecomsql.storage import StoredModel, to_blob

SHOP = """
CREATE TABLE t AS SELECT i AS a FROM range(10) AS r (i);
CREATE SEQUENCE s;
CREATE TABLE reviews AS SELECT 1 AS review_id, 'good' AS text;
"""


class Client:
    """Runs texts as a session of the server does."""

    def __init__(self, database, policy: Policy) -> None:
        self.engine = Engine(database, Settings("ecomsql", read_only=policy.read_only))

    def run(self, text: str) -> list[bytes]:
        """Return the messages of the rows of a text's statements."""
        found = []
        try:
            for plan in self.engine.script(text):
                if not plan.is_empty:
                    found += self._rows(plan)
        except BaseException as error:
            found_error = self.engine.failed(error)
            if self.engine.work.status != "I":
                self.engine.rollback()
            raise found_error from error
        return found

    def _rows(self, plan) -> list[bytes]:
        found = []
        answer = self.engine.answer(plan, {})
        self.engine.opened(answer, [0] * len(answer.columns or ()))
        more = answer.columns is not None
        while more:
            messages, _, more = answer.take(None)
            found += [bytes(message) for message in messages]
        self.engine.closed(answer)
        self.engine.sync()
        return found


@contextlib.contextmanager
def _client(folder: Path, policy: Policy, *, is_file: bool):
    (folder / "init.sql").write_text("" if is_file else SHOP)
    path = folder / "shop.duckdb"
    if is_file:
        with contextlib.closing(ecomsql.connect(path)) as con:
            con.execute(SHOP)
    plan = Plan(
        Users({}),
        database=path if is_file else None,
        policy=policy,
        init=folder / "init.sql",
    )
    database = open_database(plan)
    client = Client(database, policy)
    try:
        yield client
    finally:
        client.engine.close()
        database.con.close()
        reading.confine(None)


@pytest.fixture(scope="module", params=["file", "memory"])
def reader(request, tmp_path_factory):
    """A client of a read-only server that may read one folder."""
    folder = tmp_path_factory.mktemp("reader")
    allowed = folder / "allowed"
    allowed.mkdir()
    (allowed / "some.csv").write_text("a\n1\n")
    (folder / "secret.csv").write_text("a\n2\n")
    with _client(folder, Policy(True, [allowed]), is_file=request.param == "file") as client:
        client.folder = folder
        yield client


@pytest.fixture(scope="module")
def confined(tmp_path_factory):
    """A client of a server that writes, and whose files are in one folder."""
    folder = tmp_path_factory.mktemp("confined")
    (folder / "allowed").mkdir()
    (folder / "secret.csv").write_text("a\n2\n")
    with _client(folder, Policy(False, [folder / "allowed"]), is_file=True) as client:
        client.folder = folder
        yield client


READS = [
    "SELECT count(*) FROM t",
    "FROM t WHERE a > 3 ORDER BY a",
    "WITH x AS (FROM t) SELECT sum(a) FROM x",
    "WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r WHERE i < 3) FROM r",
    "SELECT 'insert, copy, delete' AS \"update\"",
    "SELECT a AS copy FROM t UNION SELECT 2",
    "EXPLAIN SELECT 1",
    "EXPLAIN ANALYZE FROM t",
    "EXPLAIN (FORMAT json) SELECT 1",
    "PREPARE p AS SELECT $1 + 1; EXECUTE p(3); DEALLOCATE p",
    "DESCRIBE t",
    "SUMMARIZE t",
    "SHOW TABLES",
    "VALUES (1), (2)",
    "PIVOT t ON a IN (1, 2) USING count(*)",
    "COPY t TO STDOUT",
    "COPY (SELECT 1) TO STDOUT (FORMAT csv)",
    "BEGIN; SELECT 1; COMMIT",
    "SET TimeZone = 'Europe/Berlin'; SET search_path = main",
    "SET VARIABLE x = 3; SELECT getvariable('x')",
    "SET statement_timeout = '10s'",
    "SELECT 'query' AS q, 'enable_logging' AS e",
    "DECLARE c CURSOR WITH HOLD FOR FROM t; FETCH 2 FROM c; CLOSE c",
    "FROM read_csv('{folder}/allowed/some.csv')",
    "FROM '{folder}/allowed/*.csv'",
    "SELECT version()",
    "",
]


@pytest.mark.parametrize("text", READS)
def test_queries_run(reader, text):
    reader.run(text.replace("{folder}", str(reader.folder)))


FORBIDDEN = [
    # Writing.
    "INSERT INTO t VALUES (1)",
    "UPDATE t SET a = 1",
    "DELETE FROM t",
    "TRUNCATE t",
    "MERGE INTO t USING (SELECT 1 AS b) AS n ON t.a = n.b WHEN MATCHED THEN DELETE",
    "CREATE TABLE u (a INTEGER)",
    "CREATE TEMP TABLE u (a INTEGER)",
    "CREATE TABLE ecomsql.main.u (a INTEGER)",
    "CREATE OR REPLACE TABLE t AS SELECT 1",
    "CREATE VIEW v AS SELECT 1",
    "CREATE MACRO m() AS 1",
    "CREATE OR REPLACE MACRO ecomsql.main.recommend(a) AS TABLE SELECT 1",
    "CREATE TYPE e AS ENUM ('a')",
    "CREATE SECRET x (TYPE http)",
    "CREATE PERSISTENT SECRET x (TYPE http)",
    "CREATE SCHEMA x",
    "ALTER TABLE t ADD COLUMN b INTEGER",
    "COMMENT ON TABLE t IS 'x'",
    "DROP TABLE t",
    "DROP SCHEMA ecomsql.internal CASCADE",
    "ANALYZE t",
    "VACUUM",
    "CHECKPOINT",
    "FORCE CHECKPOINT",
    "SELECT nextval('s')",
    "SELECT 1 FROM t WHERE nextval('s') > 0",
    "PIVOT t ON a",
    # Files.
    "COPY t TO '{folder}/out.csv'",
    "COPY t TO '{folder}/allowed/out.csv'",
    "COPY (SELECT 1) TO '{folder}/allowed/out.parquet' (FORMAT parquet)",
    "COPY t FROM '{folder}/allowed/some.csv'",
    "copy/**/t/**/to/**/'{folder}/allowed/out.csv'",
    "-- COPY ... TO STDOUT\nCOPY t TO '{folder}/allowed/out.csv'",
    "COPY (SELECT 1) TO '{folder}/allowed/out.csv' -- ) TO STDOUT",
    "COPY (SELECT 1) TO '{folder}/allowed/out.csv'; COPY (SELECT 1) TO STDOUT",
    "SELECT 1; COPY t TO '{folder}/allowed/out.csv'",
    "SELECT ';'; /* ; */ COPY t TO '{folder}/allowed/out.csv'; SELECT $$;$$",
    "EXPORT DATABASE '{folder}/allowed/export'",
    "IMPORT DATABASE '{folder}/allowed/export'",
    "COPY FROM DATABASE shop TO ecomsql",
    "FROM read_text('/etc/hostname')",
    "SELECT * FROM '/etc/hostname'",
    "FROM glob('/etc/*')",
    "FROM '{folder}/secret.csv'",
    "FROM '{folder}/allowed/../secret.csv'",
    "FROM read_csv('{folder}/allowed/../secret.csv')",
    "FROM read_csv(['{folder}/allowed/some.csv', '{folder}/secret.csv'])",
    "FROM sniff_csv('/etc/passwd')",
    "FROM read_blob('/proc/self/environ')",
    "FROM parquet_metadata('/etc/hostname')",
    "FROM read_json('file:///etc/hostname')",
    "FROM read_csv('http://127.0.0.1:1/x.csv')",
    "FROM read_csv('/dev/stdin')",
    "FROM query_table('/etc/hostname')",
    "SELECT * FROM recommend('/etc/passwd')",
    "FROM embed_reviews('{folder}/secret.csv')",
    "FROM embed_reviews(reviews, method := '/etc')",
    "FROM embed_reviews(reviews, method := '{folder}')",
    "FROM embed_reviews(reviews, method := '{folder}/allowed/..')",
    # Databases and extensions.
    "ATTACH ':memory:' AS m",
    "ATTACH '{folder}/allowed/other.duckdb' AS m",
    "attach database if not exists '{folder}/allowed/other.duckdb'",
    "DETACH ecomsql",
    "INSTALL httpfs",
    "FORCE INSTALL httpfs FROM core_nightly",
    "LOAD httpfs",
    "LOAD '{folder}/allowed/x.duckdb_extension'",
    "UPDATE EXTENSIONS",
    # Settings.
    "SET enable_external_access = true",
    "SET GLOBAL enable_external_access = true",
    'set "enable_external_access" to true',
    "SET/**/enable_external_access/**/=/**/true",
    "SET SESSION enable_external_access = true",
    "RESET enable_external_access",
    "RESET allowed_directories",
    "SET allowed_directories = ['/']",
    "SET allowed_paths = ['/etc/hostname']",
    "SET temp_directory = '{folder}'",
    "SET memory_limit = '1TB'",
    "SET threads = 1",
    "SET profiling_output = '{folder}/allowed/p.json'",
    "SET log_query_path = '{folder}/allowed/log'",
    "SET extension_directory = '{folder}/allowed'",
    "SET custom_extension_repository = 'http://127.0.0.1:1'",
    "SET allow_unsigned_extensions = true",
    "SET lock_configuration = true",
    "SET access_mode = 'READ_WRITE'",
    "SET max_expression_depth = 1000000000",
    "SET python_scan_all_frames = true",
    "SELECT set_config('enable_external_access', 'true', false)",
    "PRAGMA threads = 1",
    "PRAGMA enable_profiling",
    "PRAGMA enable_profiling = 'json'",
    "PRAGMA enable_external_access = true",
    "PRAGMA json_execute_serialized_sql('x')",
    # What runs something else.
    "CALL enable_logging()",
    "CALL pragma_version()",
    "FROM enable_logging(storage := 'file')",
    'FROM "Enable_Logging"()',
    "FROM system.main.enable_logging()",
    "SELECT 1 WHERE EXISTS (FROM enable_logging())",
    "FROM truncate_duckdb_logs()",
    "FROM checkpoint()",
    "FROM query('SELECT 1')",
    "FROM query('COPY t TO ''{folder}/allowed/out.csv''')",
    "FROM json_execute_serialized_sql(json_serialize_sql('FROM enable_logging()'))",
    "SELECT write_log('x')",
    "FROM quack_serve('quack:0.0.0.0')",
    "FROM pandas_scan(NULL)",
    "FROM arrow_scan(NULL, NULL, NULL)",
    'FROM "PANDAS_SCAN"(NULL)',
    "PREPARE p AS FROM pandas_scan(NULL)",
    "SUMMARIZE FROM enable_logging()",
    "DESCRIBE FROM query('SELECT 1')",
    "PIVOT query('SELECT 1 AS a') ON a IN (1) USING count(*)",
    "FROM range(3) AS r (i), LATERAL (FROM query('SELECT 1'))",
    "VALUES ((FROM checkpoint()))",
    "FROM duckdb_secrets()",
    "FROM statement",
    "EXPLAIN ANALYZE COPY t TO '{folder}/allowed/out.csv'",
    "EXPLAIN (ANALYZE) COPY t TO '{folder}/allowed/out.csv'",
    "EXPLAIN ANALYZE (SELECT 1); COPY t TO '{folder}/allowed/out.csv'",
    "EXPLAIN ANALYZE INSERT INTO t VALUES (1)",
    "EXPLAIN ANALYZE WITH x AS (SELECT 1) INSERT INTO t FROM x",
    "explain analyze with x as (select 1) delete from t where a in (from x)",
    "EXPLAIN ANALYZE CREATE TABLE u AS SELECT 1",
    "EXPLAIN ANALYZE EXECUTE p",
    "EXPLAIN ANALYZE FROM enable_logging()",
    "PREPARE w AS COPY t TO '{folder}/allowed/out.csv'; EXECUTE w",
    "PREPARE w AS INSERT INTO t VALUES (1); EXECUTE w",
    "PREPARE w AS WITH x AS (SELECT 1) INSERT INTO t FROM x; EXECUTE w",
    'PREPARE "a b" AS INSERT INTO t VALUES (1)',
    "PREPARE w AS ATTACH ':memory:' AS m",
    "WITH x AS (SELECT 1) INSERT INTO t FROM x",
    # Queries that write, from DuckDB 2.0 on; they do not parse before.
    "WITH x AS (COPY t TO '{folder}/allowed/out.csv') SELECT 1",
    "WITH x AS (INSERT INTO t VALUES (1) RETURNING *) FROM x",
    "WITH y AS (SELECT 1), x AS MATERIALIZED (DELETE FROM t) SELECT 1",
    "with x as (\nuPdAtE t set a = 1\n) select 1",
    "WITH x AS (TRUNCATE t) SELECT 1",
    "WITH x AS (INSERT INTO t VALUES (1)) SELECT 1 UNION ALL SELECT 2",
    "EXPLAIN ANALYZE WITH x AS (COPY t TO '{folder}/allowed/out.csv') SELECT 1",
    "PREPARE w AS WITH x AS (COPY t TO '{folder}/allowed/out.csv') SELECT 1; EXECUTE w",
    "DECLARE c CURSOR WITH HOLD FOR WITH x AS (COPY t TO '{folder}/allowed/o') SELECT 1; FETCH c",
    "COPY (WITH x AS (COPY t TO '{folder}/allowed/out.csv') SELECT 1) TO STDOUT",
    "SET VARIABLE x = (WITH y AS (INSERT INTO t VALUES (1) RETURNING *) FROM y)",
    "CONNECT 'quack:127.0.0.1'",
]


@pytest.mark.parametrize("text", FORBIDDEN)
def test_nothing_gets_out(reader, text):
    allowed = reader.folder / "allowed"
    before = {path: path.read_bytes() for path in reader.folder.iterdir() if path.is_file()}
    rows = reader.run("FROM t ORDER BY a")
    with pytest.raises(PostgresError):
        reader.run(text.replace("{folder}", str(reader.folder)))
    assert [path.name for path in allowed.iterdir()] == ["some.csv"]
    assert {path: path.read_bytes() for path in reader.folder.iterdir() if path.is_file()} == before
    assert reader.run("FROM t ORDER BY a") == rows


@pytest.mark.parametrize("is_allowed", [False, True])
def test_a_model_of_a_strangers_making_reads_no_folder(reader, is_allowed):
    folder = reader.folder / "allowed" if is_allowed else "/etc"
    values = {"options": {}, "id_col": "review_id", "text_col": "text", "embedder": "minilm"}
    state = StoredModel("embed", "minilm", {}, {**values, "dims": 8, "folder": str(folder)})
    row = f"SELECT '\\x{to_blob(state).hex(',').replace(',', chr(92) + 'x')}'::BLOB AS model"
    text = (
        f"WITH crafted AS ({row}, 'embed' AS task, 'minilm' AS method, now() AS trained_at,"
        " 1 AS rows, '{}'::JSON AS options, '{}'::JSON AS metrics, '1' AS version)"
        " FROM embed_reviews(reviews, model := 'crafted')"
    )
    with pytest.raises(PostgresError, match="holds no encoder" if is_allowed else "not allowed"):
        reader.run(text)


LEAVES = [
    "FROM read_text('/etc/hostname')",
    "FROM '{folder}/secret.csv'",
    "FROM glob('/etc/*')",
    "COPY t TO '{folder}/out.csv'",
    "COPY t FROM '{folder}/secret.csv'",
    "WITH x AS (COPY t TO '{folder}/out.csv') SELECT 1",
    "ATTACH '{folder}/other.duckdb'",
    "EXPORT DATABASE '{folder}/export'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "CREATE PERSISTENT SECRET x (TYPE http)",
    "SET enable_external_access = true",
    "SET temp_directory = '{folder}'",
    "PRAGMA profiling_output = '{folder}/p.json'",
    "PRAGMA enable_profiling = 'json'",
    "PRAGMA log_query_path = '{folder}/log'",
    "FROM enable_logging(storage := 'file')",
    "CREATE VIEW v AS FROM enable_logging()",
    "CREATE MACRO m() AS TABLE FROM query('SELECT 1')",
    "CREATE TABLE u AS FROM json_execute_serialized_sql('x')",
    "PIVOT (SELECT 1 AS a FROM enable_logging()) ON a",
    "FROM pandas_scan(NULL)",
    "CREATE VIEW v AS FROM pandas_scan(NULL)",
    "FROM embed_reviews(reviews, method := '/etc')",
]


@pytest.mark.parametrize("text", LEAVES)
def test_a_confined_server_stays_in_its_folder(confined, text):
    with pytest.raises(PostgresError):
        confined.run(text.replace("{folder}", str(confined.folder)))
    assert sorted(path.name for path in confined.folder.iterdir() if path.suffix != ".wal") == [
        "allowed",
        "init.sql",
        "secret.csv",
        "shop.duckdb",
    ]


def test_a_confined_server_writes(confined):
    confined.run("CREATE TABLE w AS SELECT 1 AS a; INSERT INTO w VALUES (2)")
    confined.run(f"COPY w TO '{confined.folder}/allowed/w.csv'")
    assert (confined.folder / "allowed" / "w.csv").read_text().split() == ["a", "1", "2"]


def test_no_server_runs_what_would_end_it(in_memory):
    for text in ("FROM pandas_scan(NULL)", "EXPLAIN FROM python_map_function(t, 1, 2)"):
        with pytest.raises(EcomsqlError, match="does not run"):
            Policy().check(in_memory.extract_statements(text)[0])
    Policy().check(in_memory.extract_statements("SELECT 1 AS pandas_scan")[0])
    Policy().check(in_memory.extract_statements("FROM query('SELECT 1')")[0])


def test_no_name_is_a_variable_of_the_server(tmp_path):
    with _client(tmp_path, Policy(), is_file=False) as client:
        for name in ("statement", "con", "self", "pa", "plan"):
            with pytest.raises(PostgresError) as told:
                client.run(f"FROM {name}")
            assert told.value.code == "42P01"


def test_what_is_refused_is_said(reader):
    with pytest.raises(PostgresError) as told:
        reader.run("COPY t TO 'x.csv'")
    assert told.value.message == "the server is read-only and does not run COPY"
    assert told.value.code == "42501"
