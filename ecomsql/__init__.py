"""ecomsql: machine learning for shops, in SQL, on DuckDB."""

from __future__ import annotations

from ecomsql.errors import EcomsqlError

__version__ = "0.1.0"

__all__ = ["EcomsqlError", "__version__"]
