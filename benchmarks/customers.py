"""Customers of one period and what they bought in the next: prepared and measured in SQL."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from benchmarks.datasets import DATA


@dataclass(frozen=True)
class Customers:
    """Orders up to a day to learn from, and those of the period after it to foresee.

    Attributes
    ----------
    file : str
        Columns customer_id, date and amount.
    cut : str
        The last day that is learned from.
    days : int
        Length of the period after it, which ends with the data.
    published : str
        Figures from the literature, for the reader.
    """

    file: str
    cut: str
    days: int
    published: str

    @property
    def missing(self) -> list[str]:
        """Files that are not there."""
        return [] if (DATA / self.file).exists() else [self.file]

    def prepare(self, con: duckdb.DuckDBPyConnection) -> None:
        """Create ``orders (user_id, ts, amount)`` up to the cut, and ``truth`` after it."""
        con.execute(f"CREATE VIEW _all AS FROM '{DATA}/{self.file}'")
        con.execute(f"""
            CREATE TABLE orders AS SELECT customer_id AS user_id, date AS ts, amount FROM _all
            WHERE date <= DATE '{self.cut}'
        """)
        con.execute(f"""
            CREATE TABLE truth AS
            SELECT
                customer_id AS user_id,
                count(DISTINCT date) FILTER (date > DATE '{self.cut}') AS orders,
                coalesce(sum(amount) FILTER (date > DATE '{self.cut}'), 0) AS value
            FROM _all
            WHERE date <= DATE '{self.cut}' + {self.days}
            GROUP BY ALL
            HAVING min(date) <= DATE '{self.cut}'
        """)

    def quality(self, con: duckdb.DuckDBPyConnection) -> dict[str, float]:
        """Measure ``told (user_id, orders, value)`` against ``truth``; every customer counts."""
        row = con.execute("""
            SELECT
                avg(abs(told.orders - truth.orders)),
                sqrt(avg((told.orders - truth.orders) ** 2)),
                avg(abs(told.value - truth.value)),
                sqrt(avg((told.value - truth.value) ** 2)),
                count(told.orders) = count(*)
            FROM truth LEFT JOIN told USING (user_id)
        """).fetchone()
        if row is None or not row[-1]:
            raise ValueError("not every customer was told of")
        names = ("mae", "rmse", "value_mae", "value_rmse")
        return {name: value for name, value in zip(names, row, strict=False) if value is not None}


CUSTOMERS = {
    "cdnow": Customers(
        "cdnow_sample.parquet",
        "1997-09-30",
        273,
        "39 weeks to learn, 39 to foresee: mean errors of repeat purchases and of money a customer",
    )
}
