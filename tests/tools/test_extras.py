"""Without the package of an extra, its module says what to install, in one line."""

from __future__ import annotations

import importlib
import re
import sys

import pytest
from clients import needs

DIALECT = (
    "ecomsql.sqlalchemy needs SQLAlchemy's dialect for DuckDB: pip install 'ecomsql[sqlalchemy]', "
    "or with DuckDB 2 'ecomsql[duckdb-engine]'"
)


@pytest.mark.parametrize(
    ("module", "without", "message"),
    [
        ("dbt", "dbt.adapters.duckdb.plugins", "ecomsql.dbt needs dbt-duckdb: {}"),
        ("harlequin", "harlequin.catalog", "ecomsql.harlequin needs Harlequin: {}"),
        ("sqlalchemy", "sqlalchemy", DIALECT),
    ],
)
def test_without_a_package(monkeypatch, module, without, message):
    monkeypatch.setitem(sys.modules, without, None)
    monkeypatch.delitem(sys.modules, f"ecomsql.{module}", raising=False)
    with pytest.raises(ImportError) as told:
        importlib.import_module(f"ecomsql.{module}")
    assert str(told.value) == message.format(f"pip install 'ecomsql[{module}]'")


def test_without_a_dialect(monkeypatch):
    sqlalchemy = needs("sqlalchemy", "ecomsql[sqlalchemy]")
    monkeypatch.delitem(sys.modules, "ecomsql.sqlalchemy", raising=False)

    def load(name):
        raise sqlalchemy.exc.NoSuchModuleError(name)

    monkeypatch.setattr(sqlalchemy.dialects.registry, "load", load)
    with pytest.raises(ImportError, match=re.escape(DIALECT)):
        importlib.import_module("ecomsql.sqlalchemy")
