"""What DuckDB's errors say, without the Python around it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UDF = re.compile(r"^.*?(?:executing the UDF|Python exception[^:]*):\s*(?:[\w.]+:\s*)?", re.DOTALL)
_AT = re.compile(r"\s*^At:$.*", re.DOTALL | re.MULTILINE)
"""Where in Python it happened, which DuckDB 1.5 adds."""


@dataclass(frozen=True, slots=True)
class Said:
    """The text of an error, and whether a function of ours said it."""

    text: str
    is_ours: bool


def said(text: str) -> Said:
    """Return what an error says: of a Python function that failed, what the function said."""
    without = _UDF.sub("", text)
    return Said(_AT.sub("", without).strip(), without != text)
