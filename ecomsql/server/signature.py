"""The parameters of a function, read from its statement."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ecomsql.catalogue import Function

_TOKEN = re.compile(
    r"(?P<text>'(?:[^']|'')*')|(?P<comment>--[^\n]*)|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<comma>,)"
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a macro; `default` is SQL, None where there is none."""

    name: str
    default: str | None


def parameters(function: Function) -> list[Parameter]:
    """Return the parameters in order.

    Examples
    --------
    >>> from ecomsql import catalogue
    >>> recommend = next(one for one in catalogue.functions() if one.name == "recommend")
    >>> first, second, *_ = parameters(recommend)
    >>> first
    Parameter(name='data', default=None)
    >>> second
    Parameter(name='k', default='10')
    """
    written = _between_brackets(function.statement)
    return [_parameter(part) for part in written if part.strip()]


def _parameter(text: str) -> Parameter:
    name, assigned, default = text.partition(":=")
    return Parameter(name.strip(), default.strip() if assigned else None)


def _between_brackets(statement: str) -> list[str]:
    """Split what the first pair of brackets holds at its own commas."""
    begin = statement.index("(") + 1
    parts: list[str] = []
    depth, start = 0, begin
    for token in _TOKEN.finditer(statement, begin):
        if token["close"] and depth == 0:
            return [*parts, statement[start : token.start()]]
        depth += bool(token["open"]) - bool(token["close"])
        if token["comma"] and depth == 0:
            parts.append(statement[start : token.start()])
            start = token.end()
    raise ValueError("a bracket is not closed")
