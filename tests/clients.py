"""Packages of others that some tests run against."""

from __future__ import annotations

import importlib
import os
from types import ModuleType

import pytest

EVERY = os.environ.get("ECOMSQL_ALL_CLIENTS") == "1"
"""Whether a package that is not installed is a failure, and no reason to skip."""


def needs(module: str, extra: str) -> ModuleType:
    """Return a module, or skip the test; for a whole file of tests, call it before them.

    Parameters
    ----------
    module : str
        Name of the module: ``"dbt.adapters.duckdb"``.
    extra : str
        What to install: ``"ecomsql[dbt]"``.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        # Any other module that is missing is a fault of the one that is there.
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise
        reason = f"{module} is not installed: pip install '{extra}'"
        if EVERY:
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason, allow_module_level=True)
