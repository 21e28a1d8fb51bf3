"""Whether the user is inside a transaction, and what that means after an error."""

from __future__ import annotations

from enum import Enum

import duckdb


class Transaction(Enum):
    """The state of the user's transaction; the value marks it in the prompt."""

    NONE = ""
    OPEN = "*"
    ABORTED = "!"

    @property
    def hint(self) -> str | None:
        """What to do after an error."""
        return {
            Transaction.NONE: None,
            Transaction.OPEN: "The transaction is still open: go on, COMMIT; or ROLLBACK;",
            Transaction.ABORTED: "The transaction is aborted: ROLLBACK; ends it and undoes it.",
        }[self]


def transaction(con: duckdb.DuckDBPyConnection) -> Transaction:
    """Return the state of the transaction of `con`."""
    query = "SELECT txid_current()"
    try:
        # Outside of a transaction, each statement has its own.
        one, other = con.execute(query).fetchall(), con.execute(query).fetchall()
    except duckdb.TransactionException:
        return Transaction.ABORTED
    return Transaction.OPEN if one == other else Transaction.NONE
