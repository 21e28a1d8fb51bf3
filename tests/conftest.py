"""What the tests share: connections, small data, the made-up shop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from board import BOARD
from hypothesis import settings

import ecomsql

# On machines that others use too, how long an example takes says nothing.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A fresh database in memory with every function, and the table `board`."""
    with ecomsql.connect() as connection:
        connection.execute(BOARD)
        yield connection


@pytest.fixture(scope="session")
def shop_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the Parquet files of a small made-up shop."""
    from ecomsql.shop import generate

    folder = tmp_path_factory.mktemp("shop")
    generate(folder, users=80, items=48, days=60)
    return folder
