"""Any table as a matrix of numbers: which columns are features, and how each becomes numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from typing import Any, Self

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ecomsql.errors import ColumnError, DataError, ModelError, did_you_mean, listed
from ecomsql.features.arrow_columns import numbers_of, texts_of
from ecomsql.features.calendar import PARTS, part_of

Matrix = NDArray[np.float64]

CATEGORIES = 255
"""Values of a text column that are told apart; rarer ones count as one value, 'other'."""
NESTED = ("STRUCT", "MAP", "UNION", "BLOB", "VARIANT", "BIT", "BIGNUM", "GEOMETRY")
"""Types, beside lists, that are not learned from."""
SEEN = 3
"""Rows that a text must be in to be told apart."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows of a relation, column by column, as SQL hands them over.

    Attributes
    ----------
    names : tuple of str
        Columns.
    types : tuple of str
        Their SQL types.
    columns : tuple of Arrow arrays or float64 arrays
        Their values, in their own type. Nothing is converted before it is asked for.
    """

    names: tuple[str, ...]
    types: tuple[str, ...]
    columns: tuple[pa.Array | Matrix, ...]

    @classmethod
    def of_numbers(cls, frame: pl.DataFrame) -> Self:
        """Return rows of a frame that holds numbers alone; null is missing."""
        numbers = frame.fill_null(np.nan).to_numpy().astype(np.float64)
        columns = np.ascontiguousarray(numbers.reshape(frame.height, frame.width).T)
        return cls(tuple(frame.columns), ("DOUBLE",) * frame.width, tuple(columns))

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    def number(self, column: int) -> Matrix:
        """Return a column as numbers, shape (n_rows,); NaN for NULL and for text.

        Booleans are 0 and 1, times seconds since 1970, intervals seconds.
        """
        found = self.columns[column]
        return found if isinstance(found, np.ndarray) else numbers_of(found)

    def text(self, column: int) -> pa.Array:
        """Return the texts of a column; null where it holds none."""
        found = self.columns[column]
        if isinstance(found, np.ndarray):
            return pa.nulls(len(found), pa.string())
        return texts_of(found)

    @property
    def numbers(self) -> Matrix:
        """All columns as numbers, shape (n_rows, n_columns)."""
        found = [self.number(at) for at in range(len(self.columns))]
        return np.stack(found, axis=1) if found else np.empty((0, 0))

    def keep(self, mask: NDArray[np.bool_]) -> Rows:
        """Return the rows where `mask` is true."""
        if mask.all():
            return self
        chosen = pa.array(mask)
        columns = tuple(
            one[mask] if isinstance(one, np.ndarray) else one.filter(chosen) for one in self.columns
        )
        return Rows(self.names, self.types, columns)


@dataclass(frozen=True, slots=True)
class Feature:
    """A column that a model uses.

    Attributes
    ----------
    name : str
        Column of the data.
    kind : {'number', 'time', 'category'}
        How it becomes numbers.
    categories : tuple of str
        Texts that are told apart, most frequent first; all others have the code after theirs.
    parts : tuple of str
        Of a time: which parts of the calendar are columns of the matrix.
    """

    name: str
    kind: str
    categories: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """Columns of the matrix that it takes."""
        return len(self.parts) or 1


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Features as numbers.

    Attributes
    ----------
    values : float64 array, shape (n_rows, n_columns)
        NaN where missing; codes for categories.
    sizes : tuple of int
        For each column the number of codes, or 0 for a number.
    """

    values: Matrix
    sizes: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.values)

    def take(self, rows: NDArray[Any] | slice) -> Table:
        """Return some of the rows."""
        return Table(self.values[rows], self.sizes)


@dataclass(frozen=True)
class Schema:
    """The features of a model, in order."""

    features: tuple[Feature, ...]

    @classmethod
    def fit(cls, rows: Rows, wanted: Iterable[int]) -> Self:
        """Learn how the columns `wanted` of `rows` become numbers.

        Columns that hold nothing, or the same in every row, are left out, as are texts of which
        none is in three rows.

        Raises
        ------
        DataError
            If no column is left.
        """
        found = tuple(
            feature for at in wanted if (feature := _feature(rows, at)) and feature.width > 0
        )
        if not found:
            raise DataError(
                "no column to learn from: each is empty, or the same (or different) in every row"
            )
        return cls(found)

    @property
    def names(self) -> list[str]:
        """Columns of the data that are used."""
        return [feature.name for feature in self.features]

    @cached_property
    def owners(self) -> NDArray[np.int64]:
        """For each column of the matrix, the feature that it is of."""
        widths = [feature.width for feature in self.features]
        return np.repeat(np.arange(len(widths)), widths)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """For each column of the matrix the number of codes, or 0 for a number."""
        return tuple(
            len(feature.categories) + 1 if feature.kind == "category" else 0
            for feature in self.features
            for _ in range(feature.width)
        )

    @cached_property
    def known(self) -> list[pa.Array]:
        """For each feature, the texts that are told apart."""
        return [pa.array(feature.categories, pa.string()) for feature in self.features]

    def places(self, names: Iterable[str]) -> list[int]:
        """Return where the features are among columns called `names`; case does not matter.

        Raises
        ------
        ColumnError
            Naming the features that are missing.
        """
        there = list(names)
        at = {name.lower(): place for place, name in enumerate(there)}
        missing = [name for name in self.names if name.lower() not in at]
        if missing:
            guess = did_you_mean(missing[0], there)
            raise ColumnError(
                f"the data lacks what the model learned from: {listed(missing)}; "
                f"its columns are: {listed(there)}{guess}"
            )
        return [at[name.lower()] for name in self.names]

    def table(self, rows: Rows, places: list[int]) -> Table:
        """Return the rows as numbers; `places` as :meth:`places` gives them."""
        # Column after column in memory, as what follows goes through it by columns.
        columns = np.empty((len(self.sizes), len(rows)))
        at = 0
        for feature, known, place in zip(self.features, self.known, places, strict=True):
            if feature.kind == "category":
                columns[at] = _codes(rows, place, known)
            elif feature.kind == "time":
                seconds = _finite(_numbers(feature, rows, place))
                columns[at : at + feature.width] = [
                    part_of(seconds, part) for part in feature.parts
                ]
            else:
                columns[at] = _numbers(feature, rows, place)
            at += feature.width
        columns[np.isinf(columns)] = np.nan
        return Table(columns.T, self.sizes)

    def stored(self) -> list[dict[str, Any]]:
        """Return the schema as JSON values."""
        return [asdict(feature) for feature in self.features]

    @classmethod
    def restored(cls, stored: Any) -> Self:
        """Restore from :meth:`stored`; raise ModelError if it does not fit."""
        try:
            found = tuple(
                Feature(
                    str(one["name"]),
                    one["kind"],
                    tuple(str(text) for text in one["categories"]),
                    tuple(one["parts"]),
                )
                for one in stored
            )
        except (TypeError, KeyError) as error:
            raise ModelError("the model's features are damaged") from error
        sound = all(
            one.kind in ("number", "time", "category")
            and set(one.parts) <= set(PARTS)
            and len(set(one.categories)) == len(one.categories)
            for one in found
        )
        if not found or not sound:
            raise ModelError("the model's features are damaged")
        return cls(found)


@cache
def kind_of(sql_type: str) -> str:
    """Return what a column of an SQL type is: number, time, category, or nested.

    Examples
    --------
    >>> [kind_of(one) for one in ("DECIMAL(9,2)", "DATE", "ENUM('a')", "INTEGER[]", "INTERVAL")]
    ['number', 'time', 'category', 'nested', 'number']
    """
    name = sql_type.upper()
    if name.endswith("]") or name.startswith(NESTED):
        return "nested"
    if name == "DATE" or name.startswith("TIMESTAMP"):
        return "time"
    numbers = ("DECIMAL", "DOUBLE", "FLOAT", "BOOLEAN", "REAL", "NUMERIC", "INTERVAL")
    is_number = name.endswith("INT") or name == "INTEGER" or name == "UINTEGER"
    return "number" if is_number or name.startswith(numbers) else "category"


def _feature(rows: Rows, at: int) -> Feature | None:
    name, kind = rows.names[at], kind_of(rows.types[at])
    if kind == "category":
        categories = _categories(rows.text(at))
        return Feature(name, kind, categories) if categories else None
    values = _finite(rows.number(at))
    if kind == "time":
        parts = tuple(part for part in PARTS if _varies(part_of(values, part)))
        return Feature(name, kind, parts=parts) if parts else None
    return Feature(name, kind) if _varies(values) else None


def _varies(values: Matrix) -> bool:
    """Whether there are two different values, a missing one counted as a value."""
    there = values[~np.isnan(values)]
    return len(there) > 0 and (len(there) < len(values) or bool((there != there[0]).any()))


def _categories(values: pa.Array) -> tuple[str, ...]:
    """Return the texts to tell apart; none where that says nothing."""
    texts = pl.Series("text", values, dtype=pl.String)
    counts = texts.drop_nulls().value_counts(name="rows")
    known = counts.filter(pl.col("rows") >= SEEN).sort(["rows", "text"], descending=[True, False])
    if len(known) == 0 or (len(counts) == 1 and texts.null_count() == 0):
        return ()
    return tuple(known[:, 0].head(CATEGORIES))


def _finite(values: Matrix) -> Matrix:
    """Return the values with infinite ones as missing."""
    return np.where(np.isinf(values), np.nan, values)


def _numbers(feature: Feature, rows: Rows, place: int) -> Matrix:
    """Return a column as numbers, also where numbers come as text."""
    if kind_of(rows.types[place]) in ("number", "time"):
        return rows.number(place)
    texts = pl.Series(rows.text(place), dtype=pl.String)
    parsed = texts.cast(pl.Float64, strict=False)
    if feature.kind == "time" or parsed.null_count() > texts.null_count():
        raise ModelError(
            f"the column '{feature.name}' is {rows.types[place]}, and the model learned it as a "
            f"{feature.kind}; cast it"
        )
    return parsed.fill_null(np.nan).to_numpy()


def _codes(rows: Rows, place: int, known: pa.Array) -> Matrix:
    """Return the codes of texts; of numbers too, where the model knows them as text."""
    if kind_of(rows.types[place]) == "category":
        texts = rows.text(place)
    else:
        written = [_as_text(one, rows.types[place]) for one in rows.number(place)]
        texts = pa.array(written, pa.string())
    found = pc.index_in(texts, value_set=known, skip_nulls=True).to_numpy(zero_copy_only=False)
    codes: Matrix = np.nan_to_num(found, nan=len(known)).astype(np.float64, copy=False)
    if texts.null_count:
        codes[pc.is_null(texts).to_numpy(zero_copy_only=False)] = np.nan
    return codes


def _as_text(value: float, sql_type: str) -> str | None:
    """Return a number as SQL would write it."""
    if np.isnan(value):
        return None
    if sql_type == "BOOLEAN":
        return "true" if value else "false"
    return str(int(value)) if value == int(value) else str(value)
