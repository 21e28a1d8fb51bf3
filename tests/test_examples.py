"""The examples in docstrings do what they say."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted(
    ".".join(file.relative_to(ROOT).with_suffix("").parts)
    for file in (ROOT / "ecomsql").rglob("*.py")
    if ">>>" in file.read_text(encoding="utf-8")
)


def test_there_are_examples():
    assert "ecomsql.connection" in MODULES


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    found = doctest.testmod(importlib.import_module(name), verbose=False)
    assert found.attempted
    assert not found.failed
