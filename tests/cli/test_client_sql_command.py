from __future__ import annotations

import stat

import duckdb
import pytest

from ecomsql.server.addresses import Address
from ecomsql.server.client_sql import Client, client_sql

TOKEN = "it's 4711"


@pytest.fixture(autouse=True)
def variable(monkeypatch):
    monkeypatch.setenv("SHOP_TOKEN", TOKEN)


def test_prints_the_file(run):
    ran = run("client-sql", "--quack", "db.example:9000", "--name", "store", "--no-tls")
    assert (ran.code, ran.err) == (0, "")
    client = Client(address=Address("db.example", 9000), name="store", tls=False)
    assert ran.out == client_sql(client)
    assert "ATTACH 'quack:db.example:9000' AS \"store\" (TYPE quack, DISABLE_SSL true);" in ran.out


def test_the_token_is_in_the_file_only_if_asked(run, tmp_path):
    assert "4711" not in run("client-sql", "--token-env", "SHOP_TOKEN").out
    file = tmp_path / "shop.sql"
    ran = run("client-sql", "--token-env", "SHOP_TOKEN", "--token", "-o", file)
    assert (ran.code, ran.out, ran.err) == (0, "", f"Use it: duckdb -init {file}\n")
    text = file.read_text(encoding="utf-8")
    assert "TOKEN 'it''s 4711')" in text
    assert "getenv" not in text
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_connect_comes_last(run):
    assert run("client-sql", "--connect").out.endswith('\n\nCONNECT "shop";\n')


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--quack", "nowhere:port"], "'nowhere:port' is no address"),
        (["--name", "my shop"], "'my shop' is no name"),
        (["--token", "--token-env", "NOT_SET"], "the environment variable NOT_SET is not set"),
        (["-o", "nowhere/shop.sql"], "there is no folder"),
    ],
)
def test_wrong_use(run, arguments, said):
    ran = run("client-sql", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


@pytest.mark.skipif(duckdb.__version__ == "1.5.5", reason="the extension may be installed there")
def test_no_extension_here(run):
    ran = run("client-sql", "--here")
    assert (ran.code, ran.out) == (2, "")
    assert f"no duckdb-extension-quack for DuckDB {duckdb.__version__} installed" in ran.err


def test_quack_is_not_served_to_other_machines_by_accident(run):
    ran = run("serve", "--quack", "0.0.0.0:9494")
    assert (ran.code, ran.out) == (1, "")
    assert "0.0.0.0:9494 can be reached from other machines" in ran.err
    assert "or say --allow-plaintext" in ran.err
