"""Opens a stored recommender to make lists with, once a query."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ecomsql.cache import CACHE, content_key
from ecomsql.udf import udf

from ._calls import named, named_model
from ._load_recommender import KIND, Loaded, asked
from ._recommending import columns_of, list_options, refuse_training_options
from .recommend import check_relations

if TYPE_CHECKING:
    from ecomsql.models.shortlist import Shortlist

TAKES = ("BLOB", "BIGINT", "BLOB", "BIGINT", "VARCHAR", "VARCHAR")
RETURNS = "STRUCT(handle VARCHAR, unread VARCHAR[])"


@dataclass(frozen=True, slots=True, eq=False)
class Scorer:
    """A stored model with what a call asks of it.

    Attributes
    ----------
    shortlist : Shortlist
        Makes the lists.
    columns : mapping
        Role to the column of the data, or None.
    equality : str
        What makes ids of the data equal: their type, and how text is compared.
    """

    loaded: Loaded
    shortlist: Shortlist
    columns: Mapping[str, str | None]
    equality: str

    @property
    def nbytes(self) -> int:
        """Memory of the order of popularity; the model is counted where it is cached."""
        return self.shortlist.popular.order.nbytes + self.shortlist.popular.place.nbytes


@udf("_open_scorer", TAKES, RETURNS)
def open_scorer(
    heads: pa.Array,
    sizes: pa.Array,
    blobs: pa.Array,
    rows: pa.Array,
    equalities: pa.Array,
    documents: pa.Array,
) -> pa.Array:
    """Return the handle of each scorer, and the model's ids until `_read_items` has taken them."""
    answers = []
    for head, size, blob, count, equality, document in zip(
        heads, sizes, blobs, rows, equalities, documents, strict=True
    ):
        text, same = document.as_py(), equality.as_py()
        wanted: dict[str, Any] = json.loads(text)
        with named("recommend"):
            key, loaded = named_model(
                KIND, head, size, blob, count.as_py(), **asked(wanted["model"])
            )
            handle = f"scorer:{content_key((), [key, same, text])}"
            scorer = CACHE.get_or_make(handle, partial(_scorer, wanted, loaded, same))
        read = same in scorer.loaded.codes
        answers.append({"handle": handle, "unread": None if read else scorer.loaded.ids})
    kind = pa.struct([("handle", pa.string()), ("unread", pa.list_(pa.string()))])
    return pa.array(answers, kind)


def _scorer(wanted: dict[str, Any], loaded: Loaded, equality: str) -> Scorer:
    columns = columns_of(wanted)
    how = list_options(wanted["options"])
    check_relations(wanted["options"], wanted["user_columns"], columns)
    refuse_training_options(wanted["options"])
    return Scorer(loaded, loaded.trained.shortlist(**how), columns, equality)
