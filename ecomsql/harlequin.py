"""The adapter of Harlequin, a SQL IDE for the terminal: ``harlequin -a ecomsql shop.duckdb``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from textwrap import shorten, wrap
from typing import TYPE_CHECKING, Any

from ecomsql import catalogue, udf
from ecomsql.cli.messages import brief
from ecomsql.errors import RegistrationError
from ecomsql.registration import CATALOG, register

try:
    from harlequin.autocomplete.completion import HarlequinCompletion
    from harlequin.catalog import Catalog, CatalogItem, InteractiveCatalogItem
    from harlequin.exception import HarlequinConnectionError, HarlequinQueryError
    from harlequin_duckdb.adapter import DuckDbAdapter, DuckDbConnection, DuckDbCursor
except ImportError as error:
    raise ImportError(
        "ecomsql.harlequin needs Harlequin: pip install 'ecomsql[harlequin]'"
    ) from error

if TYPE_CHECKING:
    from harlequin.catalog import CatalogSearchKind, CatalogSearchResult
    from harlequin.driver import HarlequinDriver

_PRIORITY = 600
"""Of completions: after the user's tables (500), before DuckDB's functions (1000)."""

_WIDTH = 37
"""Columns of Harlequin's list: it cuts the beginning of every line where one is longer."""

_CUT = "…"

_COLUMNS = 96
"""Of a comment in a buffer."""

_MOVES = re.compile(r"\b(use|set|reset)\b", re.IGNORECASE)
"""Statements that may change the search path."""


class EcomsqlAdapter(DuckDbAdapter):
    """Harlequin's adapter for DuckDB, with every function on its connection."""

    ADAPTER_DETAILS = "DuckDB with the functions of ecomsql: machine learning for shops, in SQL."

    def connect(self) -> EcomsqlConnection:
        """Open the databases as the adapter for DuckDB does, and register."""
        opened = super().connect()
        try:
            register(opened.conn)
        except RegistrationError as error:
            opened.conn.close()
            raise HarlequinConnectionError(
                str(error), title="ecomsql could not put its functions on your database."
            ) from error
        return EcomsqlConnection(opened.conn, opened.init_message)


class EcomsqlCursor(DuckDbCursor):
    """A result, which may fail only when it is read."""

    def fetchall(self) -> Any:
        """Return the rows as an Arrow table."""
        with _errors_told_briefly():
            return super().fetchall()


class EcomsqlConnection(DuckDbConnection):
    """A connection that finds the functions and offers them as completions."""

    def execute(self, query: str) -> EcomsqlCursor | None:
        """Run a statement; USE takes the functions away, so they are put back."""
        with _errors_told_briefly():
            cursor = super().execute(query)
            if cursor is None and _MOVES.search(query):
                register(self.conn)
        return None if cursor is None else EcomsqlCursor(self, cursor.relation)

    def get_catalog(self) -> Catalog:
        """Return the user's databases, and below them the functions."""
        items = super().get_catalog().items
        return Catalog(items=[*(one for one in items if one.label != CATALOG), _functions()])

    def search_catalog(self, term: str, kind: CatalogSearchKind = "all") -> list[Any]:
        """Return what is called so in the user's databases."""
        return [one for one in super().search_catalog(term, kind) if not _is_internal(one)]

    def get_completions(self) -> list[HarlequinCompletion]:
        """Return DuckDB's words, and the functions with what they do."""
        ours = {one.name for one in catalogue.macros()} | {one.name for one in udf.records()}
        others = [one for one in super().get_completions() if one.label not in ours]
        return [*others, *(_completion(one) for one in catalogue.functions())]


def show_function(item: FunctionItem, driver: HarlequinDriver) -> None:
    """Open a buffer with what a function does, and its example to run."""
    [function] = [one for one in catalogue.functions() if one.name == item.label]
    lines = [function.signature, *function.comment.partition("\nExample:")[0].splitlines()]
    wrapped = [
        part for line in lines for part in wrap(line, _COLUMNS, subsequent_indent="    ") or [""]
    ]
    told = "\n".join(f"-- {line}" for line in wrapped)
    driver.insert_text_in_new_buffer(f"{told}\n{function.example}\n")


@dataclass
class FunctionItem(InteractiveCatalogItem["EcomsqlConnection"]):
    """A function in the tree."""

    INTERACTIONS = [("Show What It Does", show_function)]  # noqa: RUF012 (as Harlequin has it)


def _functions() -> CatalogItem:
    children: list[CatalogItem] = [
        FunctionItem(
            qualified_identifier=f"{CATALOG}.{function.name}",
            query_name=function.name,
            label=function.name,
            type_label=_hint(function),
            type_name="function",
            loaded=True,
        )
        for function in catalogue.functions()
    ]
    return CatalogItem(CATALOG, CATALOG, CATALOG, "fn", children, "functions")


def _completion(function: catalogue.Function) -> HarlequinCompletion:
    return HarlequinCompletion(
        label=function.name,
        type_label=_hint(function),
        value=function.name,
        priority=_PRIORITY,
        context=CATALOG,
    )


def _hint(function: catalogue.Function) -> str:
    """Return the beginning of what a function does, as much as the list has room for."""
    room = max(_WIDTH - len(function.name) - 1, len(_CUT))
    return shorten(function.summary, room, placeholder=_CUT)


def _is_internal(found: CatalogSearchResult) -> bool:
    database = found.parents[0] if found.parents else found.item.label
    return bool(database == CATALOG)


@contextmanager
def _errors_told_briefly() -> Iterator[None]:
    """Tell of a function that failed what it said, in one line, and leave other errors alone."""
    try:
        yield
    except HarlequinQueryError as error:
        if "Python exception" not in error.msg:
            raise
        raise HarlequinQueryError(brief(error), title=error.title) from error
    except RegistrationError as error:
        raise HarlequinQueryError(str(error), title="ecomsql lost its functions.") from error
