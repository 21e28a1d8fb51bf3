"""The data sets: each puts the tables train and test on a connection, and says how to measure."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.measures import quality

DATA = Path(os.environ.get("ECOMSQL_DATA", Path(__file__).parents[1] / "../shared/data")).resolve()


@dataclass(frozen=True)
class Dataset:
    """A split that was fixed before anything is fitted.

    Attributes
    ----------
    files : tuple of str
        Files that it needs.
    prepare : callable
        Creates ``train (user_id, item_id[, ts])`` and ``test (user_id, item_id)``.
    k : int
        Length of the lists.
    published : str
        Figures from the literature, for the reader.
    measure : callable
        Gives the figures of what a contestant has left in the database.
    """

    files: tuple[str, ...]
    prepare: Callable[[duckdb.DuckDBPyConnection], None]
    k: int
    timed: bool
    exclude_seen: bool = True
    published: str = ""
    measure: Callable[[duckdb.DuckDBPyConnection, int], dict[str, float]] = quality

    @property
    def missing(self) -> list[str]:
        """Files that are not there."""
        return [name for name in self.files if not (DATA / name).exists()]


def _beauty(con: duckdb.DuckDBPyConnection) -> None:
    """Hold the last item of each user out."""
    con.execute(f"CREATE VIEW _all AS FROM '{DATA}/beauty_events.parquet'")
    con.execute("""
        CREATE TABLE test AS SELECT user_id, item_id FROM _all
        QUALIFY row_number() OVER (PARTITION BY user_id ORDER BY position DESC) = 1
    """)
    con.execute("""
        CREATE TABLE train AS SELECT user_id, item_id, position AS ts FROM _all
        QUALIFY row_number() OVER (PARTITION BY user_id ORDER BY position DESC) > 1
    """)


def _gowalla(con: duckdb.DuckDBPyConnection) -> None:
    for part in ("train", "test"):
        con.execute(f"CREATE TABLE {part} AS FROM '{DATA}/gowalla_{part}.parquet'")


def _online_retail(con: duckdb.DuckDBPyConnection) -> None:
    """Hold the last basket of each customer out; rows and columns stay as they come."""
    con.execute(f"CREATE VIEW _all AS FROM '{DATA}/online_retail.parquet'")
    con.execute("""
        CREATE TABLE _last AS
        SELECT CustomerID, arg_max(InvoiceNo, InvoiceDate) AS InvoiceNo FROM _all
        WHERE NOT starts_with(InvoiceNo, 'C') AND CustomerID IS NOT NULL
        GROUP BY ALL HAVING count(DISTINCT InvoiceNo) > 1
    """)
    con.execute("CREATE TABLE raw AS FROM _all ANTI JOIN _last USING (CustomerID, InvoiceNo)")
    con.execute("""
        CREATE TABLE train AS
        SELECT CustomerID AS user_id, StockCode AS item_id, InvoiceDate AS ts FROM raw
        WHERE CustomerID IS NOT NULL
    """)
    con.execute("""
        CREATE TABLE test AS
        SELECT DISTINCT CustomerID AS user_id, StockCode AS item_id
        FROM _all SEMI JOIN _last USING (CustomerID, InvoiceNo)
    """)


DATASETS = {
    "beauty": Dataset(
        ("beauty_events.parquet",),
        _beauty,
        k=10,
        timed=True,
        published="SASRec .0605/.0318, S3-Rec .0647/.0327 (HR@10/NDCG@10, CIKM 2020)",
    ),
    "gowalla": Dataset(
        ("gowalla_train.parquet", "gowalla_test.parquet"),
        _gowalla,
        k=20,
        timed=False,
        published="EASE .1765/.1467, LightGCN .1820/.1547, GF-CF .1849/.1518 (@20, BARS)",
    ),
    "online_retail": Dataset(
        ("online_retail.parquet",), _online_retail, k=10, timed=True, exclude_seen=False
    ),
}
