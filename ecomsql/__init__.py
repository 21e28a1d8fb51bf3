"""ecomsql: machine learning for shops, in SQL, on DuckDB."""

from __future__ import annotations

from ecomsql.connection import connect
from ecomsql.errors import EcomsqlError
from ecomsql.registration import register
from ecomsql.version import __version__

__all__ = ["EcomsqlError", "__version__", "connect", "register"]
