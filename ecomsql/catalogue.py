"""The catalogue of functions, read from the SQL files.

Each file of ``sql/macros`` holds one ``CREATE OR REPLACE MACRO`` statement below a comment that
documents it: a summary line, a description, then the sections ``Arguments``, ``Returns`` and
``Example``. Names that start with ``_`` are private.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

_NOTHING = "'ecomsql.internal._nothing'"
_SECTIONS = ("Arguments:", "Returns:", "Example:")
_CREATE = re.compile(r"CREATE OR REPLACE MACRO\s+(?P<name>\w+)\s*\(", re.IGNORECASE)
_ARGUMENT = re.compile(r"^  (?P<name>\w+): (?P<text>.*)$")
_CALL = re.compile(r"\becomsql\.main\.(\w+)\s*\(")


@dataclass(frozen=True, slots=True)
class Function:
    """One macro: its statement and its documentation."""

    name: str
    kind: str
    """``'table'`` or ``'scalar'``."""
    signature: str
    summary: str
    description: str
    arguments: dict[str, str]
    returns: str
    example: str
    statement: str = field(repr=False)

    @property
    def is_public(self) -> bool:
        """Whether users are meant to call it."""
        return not self.name.startswith("_")

    @property
    def calls(self) -> set[str]:
        """Names of the macros that it uses."""
        return set(_CALL.findall(self.statement)) - {self.name}

    @property
    def comment(self) -> str:
        """Text for ``duckdb_functions().comment``."""
        arguments = "".join(f"\n  {name}: {text}" for name, text in self.arguments.items())
        parts = [self.summary, self.description]
        parts += [f"Arguments:{arguments}" if arguments else "", f"Returns: {self.returns}"]
        parts += [f"Example: {self.example}" if self.example else ""]
        return "\n".join(part for part in parts if part)


def functions() -> list[Function]:
    """Return the public functions, ordered by name."""
    return [function for function in macros() if function.is_public]


@cache
def macros() -> tuple[Function, ...]:
    """Return every macro, private ones too, ordered by name."""
    folder = files("ecomsql.sql") / "macros"
    texts = {
        entry.name.removesuffix(".sql"): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".sql")
    }
    return tuple(parse(name, texts[name]) for name in sorted(texts))


def in_order_of_use() -> Iterator[Function]:
    """Yield every macro after the macros that it calls: a macro binds when it is created."""
    waiting = {function.name: function for function in macros()}
    while waiting:
        ready = [one for one in waiting.values() if not one.calls & waiting.keys()]
        if not ready:
            names = ", ".join(sorted(waiting))
            raise ValueError(f"macros that call each other in a circle: {names}")
        for function in ready:
            yield waiting.pop(function.name)


def parse(stem: str, text: str) -> Function:
    """Read one file of ``sql/macros``.

    Raises
    ------
    ValueError
        If the file holds no macro of the name `stem`.
    """
    lines = text.splitlines()
    header = [line[2:].removeprefix(" ") for line in _leading_comment(lines)]
    statement = "\n".join(lines[len(header) :]).strip().rstrip(";")
    created = _CREATE.match(statement)
    if created is None or created["name"] != stem:
        raise ValueError(f"{stem}.sql must create the macro {stem}, right below its comment")
    parameters, rest = _parenthesised(statement[created.end() :])
    sections = _sections(header)
    prose = sections[""]
    return Function(
        name=stem,
        kind="table" if re.match(r"\s*AS\s+TABLE\b", rest, re.IGNORECASE) else "scalar",
        signature=f"{stem}({' '.join(parameters.split()).replace(_NOTHING, 'none')})",
        summary=prose[0] if prose else "",
        description=" ".join(line.strip() for line in prose[1:] if line.strip()),
        arguments=_arguments(sections.get("Arguments:", [])),
        returns=" ".join(line.strip() for line in sections.get("Returns:", [])).strip(),
        example="\n".join(line[2:] for line in sections.get("Example:", [])).strip(),
        statement=statement,
    )


def _leading_comment(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if not line.startswith("--"):
            return
        yield line


def _sections(header: list[str]) -> dict[str, list[str]]:
    """Split a header by its headings; the text before the first has the heading ``''``."""
    sections: dict[str, list[str]] = {"": []}
    heading = ""
    for line in header:
        found = next((name for name in _SECTIONS if line.startswith(name)), None)
        if found:
            heading = found
            sections[heading] = [line.removeprefix(found)] if line != found else []
        else:
            sections[heading].append(line)
    return sections


def _arguments(lines: list[str]) -> dict[str, str]:
    arguments: dict[str, str] = {}
    name = ""
    for line in lines:
        begun = _ARGUMENT.match(line)
        if begun:
            name = begun["name"]
            arguments[name] = begun["text"].strip()
        elif name and line.strip():
            arguments[name] += " " + line.strip()
    return arguments


def _parenthesised(text: str) -> tuple[str, str]:
    """Split ``'a, b := f(1)) AS ...'`` at the bracket that closes the one before it."""
    depth = 1
    for at, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return text[:at], text[at + 1 :]
    raise ValueError("a bracket is not closed")
