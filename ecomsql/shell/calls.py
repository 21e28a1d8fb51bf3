"""What is wrong with a call of a function of ecomsql, where DuckDB only says that something is."""

from __future__ import annotations

import re

from ecomsql.errors import EcomsqlError, did_you_mean, listed
from ecomsql.shell.arguments import arguments, ours
from ecomsql.shell.tokens import COMMENT, WORD, Token, tokens

_REFUSED = re.compile(r"[Mm]acro (?:function )?\"?(\w+)\b.*does not support the supplied arguments")


class CallError(EcomsqlError):
    """A function of ecomsql was called with arguments that it does not take."""


def refusal(text: str, said: str) -> str | None:
    """Return what is wrong with a call, if it is one of ecomsql that DuckDB refused.

    Parameters
    ----------
    text : str
        The statement.
    said : str
        What DuckDB says.
    """
    refused = _REFUSED.search(said)
    function = refused[1].lower() if refused else ""
    if function not in ours():
        return None
    known = arguments(function)
    unknown = next((one for one in _named(text, function) if one not in known), None)
    if unknown is None:
        return f"{function} cannot be called with these arguments; .help {function} explains them"
    near = did_you_mean(unknown, known) or f"; there are: {listed(known)}"
    return f"{function} has no argument '{unknown}'{near}"


def _named(text: str, function: str) -> list[str]:
    """Return the names of the arguments that the calls of a function are given."""
    found = [token for token in tokens(text) if token.kind != COMMENT]
    names: list[str] = []
    calls: list[str] = []
    for i, token in enumerate(found):
        if token.says("("):
            calls.append(found[i - 1].text.lower() if i and found[i - 1].kind == WORD else "")
        elif token.says(")") and calls:
            calls.pop()
        elif token.says(":=", "=>") and i and calls[-1:] == [function]:
            names.append(_name(found[i - 1]))
    return names


def _name(token: Token) -> str:
    return token.text.lower().strip('"')
