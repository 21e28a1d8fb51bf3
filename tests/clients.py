"""Packages of others that some tests run against."""

from __future__ import annotations

import importlib
import os
import shutil
from pathlib import Path
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
        _lacking(reason)
        raise


def needs_program(name: str, package: str) -> None:
    """Skip a test whose program is not on the path; `package` is what Debian calls it."""
    if shutil.which(name) is None:
        _lacking(f"{name} is not installed: apt-get install {package}")


def needs_file(file: Path, package: str) -> None:
    """Skip a test whose file is not there; `package` is what Debian calls where it comes from."""
    if not file.exists():
        _lacking(f"{file} is not there: apt-get install {package}")


def needs_environment(name: str) -> Path:
    """Return the Python of an environment that the Makefile makes beside `tests`, or skip."""
    folder = Path(__file__).parents[1] / name
    if not (folder / ".test").exists():
        _lacking(f"{name} is not there: make {name}/.test")
    return folder / "bin" / "python"


def _lacking(reason: str) -> None:
    if EVERY:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason, allow_module_level=True)
