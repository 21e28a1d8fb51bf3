"""Takes the ids of a model's items as SQL reads them, so that the data's can be told by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from ecomsql.errors import ModelError
from ecomsql.udf import udf

from ._calls import held, named

if TYPE_CHECKING:
    from ._open_scorer import Scorer


@udf("_read_items", ("VARCHAR", "VARCHAR[]"), "VARCHAR", by_row=True)
def read_items(handles: pa.Array, texts: pa.Array) -> pa.Array:
    """Keep the texts, one an item, with the model; NULL if that was done. Return the handle."""
    if texts[0].is_valid:
        with named("recommend"):
            scorer: Scorer = held(handles[0].as_py())
            scorer.loaded.codes[scorer.equality] = _codes(texts.flatten(), scorer)
    return handles


def _codes(texts: pa.Array, scorer: Scorer) -> dict[str, int]:
    if texts.null_count:
        raise ModelError(
            f"{texts.null_count} of the model's item ids cannot be read as the type of the "
            f"column '{scorer.columns['item_col']}' of the data"
        )
    return {text: code for code, text in enumerate(texts.to_pylist())}
