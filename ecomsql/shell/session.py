"""What lasts from one input to the next."""

from __future__ import annotations

import duckdb

from ecomsql.shell.names import Names
from ecomsql.shell.transaction import Transaction
from ecomsql.shell.view import View


class Session:
    """An open database, how results are shown, and what was asked last.

    Parameters
    ----------
    con : DuckDBPyConnection
        With every function on it.
    interactive : bool
        Whether somebody is typing, rather than a file or a pipe being read.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, *, interactive: bool) -> None:
        self.con = con
        self.interactive = interactive
        self.view = View(interactive=interactive)
        self.names = Names(con)
        self.transaction = Transaction.NONE
        self.last_query: str | None = None
        """SQL of the last result."""
        self.depth = 0
        """Files that are being read, one by the other."""
