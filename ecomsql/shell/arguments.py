"""The arguments of a function, as far as its documentation tells them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ecomsql import catalogue

_PARAMETER = re.compile(r"(\w+)(?:\s*:=\s*(.+))?", re.DOTALL)
_WORD = re.compile(r"[a-z][a-z0-9_]+")
_RETURNED = re.compile(r"(?:then )?([a-z_]\w*)(?: ([A-Z]\w*(?:\[\])?))?\b")
_NO_VALUES = ("default", "none", "others")
_COLUMN_ARGUMENTS = ("target",)


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a function."""

    name: str
    default: str | None
    """As in the signature; None where it must be given."""
    about: str

    @property
    def is_relation(self) -> bool:
        """Whether its value is the name of a table."""
        return self.default == "none" or "name of a relation" in self.about

    @property
    def is_model(self) -> bool:
        """Whether its value is the name of a table with a model in it."""
        return self.name.endswith("model")

    @property
    def is_column(self) -> bool:
        """Whether its value is the name of a column."""
        return self.name.endswith("_col") or self.name in _COLUMN_ARGUMENTS

    @property
    def described(self) -> str:
        """Default and description."""
        usual = self.default not in (None, "none", "NULL")
        return f"{self.default}; {self.about}" if usual else self.about


@cache
def ours() -> dict[str, catalogue.Function]:
    """Return the functions of ecomsql by name."""
    return {function.name: function for function in catalogue.functions()}


@cache
def arguments(function: str) -> dict[str, Argument]:
    """Return the arguments of a function of ecomsql by name, in order; of another, none."""
    if function not in ours():
        return {}
    about = ours()[function].arguments
    inside = ours()[function].signature.partition("(")[2].rpartition(")")[0]
    found = {}
    for part in _cut(inside):
        match = _PARAMETER.fullmatch(part.strip())
        if match:
            found[match[1]] = Argument(match[1], match[2], about.get(match[1], ""))
    return found


def values(argument: Argument) -> list[str]:
    """Return the words that the description of an argument lists.

    Examples
    --------
    >>> values(Argument("method", "'auto'", "lda (as always), nmf or auto, which picks one"))
    ['lda', 'nmf', 'auto']
    """
    text = re.sub(r"\([^)]*\)", "", argument.about)
    pieces = (piece.strip() for piece in re.split(r"[,;:]|\bor\b", text))
    found = [piece for piece in pieces if _WORD.fullmatch(piece) and piece not in _NO_VALUES]
    return list(dict.fromkeys(found)) if len(found) > 1 else []


@cache
def returned(function: str) -> dict[str, str]:
    """Return the columns that a function of ecomsql is said to return, and types if said."""
    found = {}
    text = ours()[function].returns if function in ours() else ""
    for piece in text.split(","):
        match = _RETURNED.fullmatch(piece.strip())
        if match:
            found[match[1]] = match[2] or ""
    return found


def _cut(text: str) -> list[str]:
    """Cut at commas outside of brackets and strings."""
    pieces, depth, inside = [""], 0, False
    for letter in text:
        inside ^= letter == "'"
        depth += 0 if inside else (letter in "([") - (letter in ")]")
        if letter == "," and depth == 0 and not inside:
            pieces.append("")
        else:
            pieces[-1] += letter
    return pieces
