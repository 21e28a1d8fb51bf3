"""Trees over windows of series: grown, asked, and kept as text."""

from __future__ import annotations

from functools import cached_property
from typing import Self

import lightgbm
import numpy as np

from ecomsql.errors import ModelError
from ecomsql.models.series_batch import Matrix
from ecomsql.models.tree_scorer import TreeScorer
from ecomsql.models.tree_splits import LEAVES


class Grove:
    """Trees that answer with one number.

    Parameters
    ----------
    booster : lightgbm.Booster or None
        None: the answer is 0.
    """

    def __init__(self, booster: lightgbm.Booster | None) -> None:
        self.booster = booster

    def __call__(self, told: Matrix) -> Matrix:
        """Return the answers to rows, shape (n,)."""
        if self.booster is None:
            return np.zeros(len(told))
        if self._scorer is not None:
            return self._scorer(told)[:, 0]
        return np.asarray(self.booster.predict(told, num_threads=1), dtype=np.float64)

    @cached_property
    def _scorer(self) -> TreeScorer | None:
        """What scores several times faster than LightGBM; None for trees of more than 64 leaves."""
        assert self.booster is not None
        dump = self.booster.dump_model()
        if any(tree["num_leaves"] > LEAVES for tree in dump["tree_info"]):
            return None
        return TreeScorer(dump)

    @cached_property
    def text(self) -> bytes:
        """LightGBM's text; none where there are no trees."""
        return b"" if self.booster is None else self.booster.model_to_string().encode()

    @classmethod
    def from_text(cls, text: np.ndarray | None, inputs: int) -> Self:
        """Restore from :attr:`text`, as bytes in a uint8 array.

        Raises
        ------
        ModelError
            If it is damaged, or the trees take other than `inputs` numbers or answer with several.
        """
        if text is None or text.dtype != np.uint8:
            raise ModelError("a lightgbm model holds trees as text")
        if text.size == 0:
            return cls(None)
        try:
            booster = lightgbm.Booster(model_str=text.tobytes().decode())
        except (lightgbm.basic.LightGBMError, UnicodeDecodeError) as error:
            raise ModelError(f"the trees of the model are damaged: {error}") from error
        if booster.num_feature() != inputs or booster.num_model_per_iteration() != 1:
            raise ModelError("the trees of the model do not fit its size")
        return cls(booster)
