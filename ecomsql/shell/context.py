"""Where in a statement something is being typed, and what that asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ecomsql.shell.statements import statement_at
from ecomsql.shell.tokens import COMMENT, QUOTED, STRING, WORD, Token

_BEFORE_RELATIONS = ("FROM", "JOIN", "INTO", "UPDATE", "TABLE", "DESCRIBE", "DESC", "SUMMARIZE")
_CLAUSES = (
    *("SELECT", "FROM", "WHERE", "GROUP", "ORDER", "HAVING", "QUALIFY", "LIMIT", "ON", "USING"),
    *("JOIN", "SET", "VALUES", "INTO", "UPDATE", "WITH", "RETURNING", "BY", "WINDOW"),
)
_ENDS = (
    *(*_CLAUSES, "UNION", "EXCEPT", "INTERSECT", "LEFT", "RIGHT", "INNER", "FULL", "CROSS"),
    *("NATURAL", "POSITIONAL", "ASOF", "SEMI", "ANTI", "TABLESAMPLE", "PIVOT", "UNPIVOT"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """What a statement reads: a table by its name, a file, or a function."""

    parts: tuple[str, ...] = ()
    file: str | None = None
    function: str | None = None
    alias: str | None = None

    @property
    def called(self) -> str:
        """How its columns can be told from those of others."""
        return (self.alias or (self.parts[-1] if self.parts else "")).lower()


@dataclass(frozen=True, slots=True)
class Call:
    """The call of a function that something is typed in."""

    function: str
    place: int
    """How many arguments are before."""
    argument: str | None
    """The named argument whose value is typed; None where there is no name."""
    is_new: bool
    """Whether an argument begins here."""
    given: frozenset[str]
    """Named arguments that the call has already."""
    data: Source | None
    """The first argument."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is being typed."""

    word: str
    """The beginning of it: of a name, or of a string without its quote."""
    kind: str
    """``'word'``, ``'quoted'``, ``'string'``, or ``'comment'``."""
    qualifier: tuple[str, ...]
    """Names before it, each with a dot."""
    previous: Token | None
    """The token before."""
    wants_relation: bool
    """Whether the statement itself names a table, a view or a file here."""
    call: Call | None
    sources: tuple[Source, ...]


def place_at(text: str, at: int) -> Place:
    """Return what is being typed in `text` at the place `at`."""
    before = list(statement_at(text[:at], at))
    current = before.pop() if before and _is_being_typed(before[-1], at) else None
    before = [token for token in before if token.kind != COMMENT]
    kind = current.kind if current else WORD
    qualifier = _qualifier(before) if kind in (WORD, QUOTED) else ()
    rest = before[: len(before) - 2 * len(qualifier)]
    return Place(
        word=current.text.lstrip("eExX").removeprefix("'")
        if current and kind == STRING
        else current.text.removeprefix('"')
        if current
        else "",
        kind=kind,
        qualifier=qualifier,
        previous=rest[-1] if rest else None,
        wants_relation=_wants_relation(rest),
        call=_call(rest),
        sources=tuple(_sources([*before, *_after(text[at:], current)])),
    )


def _after(text: str, current: Token | None) -> list[Token]:
    """Return the rest of the statement, behind the quote that closes what is being typed."""
    if current is not None and not current.is_closed:
        text = text.removeprefix('"' if current.kind == QUOTED else "'")
    return [token for token in statement_at(text, 0) if token.kind != COMMENT]


def _is_being_typed(token: Token, at: int) -> bool:
    """Whether the token that ends at `at` may go on."""
    if token.end != at:
        return False
    return token.kind == WORD or not token.is_closed or token.kind == COMMENT


def _qualifier(before: Sequence[Token]) -> tuple[str, ...]:
    """Return the names with a dot each that `before` ends in."""
    names: list[str] = []
    i = len(before) - 1
    while i >= 1 and before[i].says(".") and before[i - 1].kind in (WORD, QUOTED):
        names.insert(0, name(before[i - 1]))
        i -= 2
    return tuple(names)


def name(token: Token) -> str:
    """Return the name that a token stands for."""
    if token.kind != QUOTED:
        return token.text
    return token.text.removeprefix('"').removesuffix('"').replace('""', '"')


def _wants_relation(before: Sequence[Token]) -> bool:
    if not before:
        return False
    if before[-1].says("TABLE") and before[0].says("CREATE"):
        # It is new, and so is its name.
        return False
    if before[-1].says(*_BEFORE_RELATIONS):
        return True
    return before[-1].says(",") and _clause(before) == "FROM"


def _clause(before: Sequence[Token]) -> str | None:
    """Return the last keyword of a clause outside of the parentheses that are closed."""
    depth = 0
    for token in reversed(before):
        depth += token.says(")") - token.says("(")
        if depth < 0:
            return None
        if depth == 0 and token.says(*_CLAUSES):
            return token.text.upper()
    return None


def _call(before: Sequence[Token]) -> Call | None:
    """Return the innermost call that is not closed; None in other parentheses."""
    opened = _opened(before)
    if opened is None or opened == 0 or before[opened - 1].kind != WORD:
        return None
    arguments = _arguments(before[opened + 1 :])
    last = arguments[-1]
    return Call(
        function=before[opened - 1].text.lower(),
        place=len(arguments) - 1,
        argument=last[0].text.lower() if _is_named(last) else None,
        is_new=not last,
        given=frozenset(one[0].text.lower() for one in arguments if _is_named(one)),
        data=_source(arguments[0], 0)[0] if arguments[0] else None,
    )


def _opened(before: Sequence[Token]) -> int | None:
    """Return where the last parenthesis is that is not closed."""
    depth = 0
    for i in range(len(before) - 1, -1, -1):
        depth += before[i].says(")", "]", "}") - before[i].says("(", "[", "{")
        if depth < 0:
            # Inside of a list, say, of the call around it.
            if before[i].says("("):
                return i
            depth = 0
    return None


def _arguments(inside: Sequence[Token]) -> list[list[Token]]:
    """Cut what is between parentheses at its commas."""
    arguments: list[list[Token]] = [[]]
    depth = 0
    for token in inside:
        depth += token.says("(", "[", "{") - token.says(")", "]", "}")
        if depth == 0 and token.says(","):
            arguments.append([])
        else:
            arguments[-1].append(token)
    return arguments


def _is_named(argument: Sequence[Token]) -> bool:
    return len(argument) > 1 and argument[1].says(":=", "=>")


def _sources(found: Sequence[Token]) -> list[Source]:
    """Return what a statement reads or writes, wherever that is named."""
    sources, i = [], 0
    while i < len(found):
        i += 1
        if not found[i - 1].says(*_BEFORE_RELATIONS):
            continue
        more = True
        while more and i < len(found):
            source, i = _source(found, i)
            if source is not None:
                sources.append(source)
            more = source is not None and i < len(found) and found[i].says(",")
            i += more
    return sources


def _source(found: Sequence[Token], i: int) -> tuple[Source | None, int]:
    """Read what is at `i`; return it, and where it ends."""
    if i >= len(found):
        return None, i
    if found[i].kind == STRING:
        file = found[i].text.strip("'")
        alias, i = _alias(found, i + 1)
        return Source(file=file, alias=alias), i
    if found[i].kind not in (WORD, QUOTED) or found[i].says(*_ENDS):
        return None, i
    parts = [name(found[i])]
    while i + 2 < len(found) and found[i + 1].says(".") and found[i + 2].kind in (WORD, QUOTED):
        i += 2
        parts.append(name(found[i]))
    i += 1
    if i < len(found) and found[i].says("("):
        alias, i = _alias(found, _closing(found, i) + 1)
        return Source(function=parts[-1].lower(), alias=alias), i
    alias, i = _alias(found, i)
    return Source(parts=tuple(parts), alias=alias), i


def _closing(found: Sequence[Token], i: int) -> int:
    """Return where the parenthesis at `i` is closed."""
    depth = 0
    for at in range(i, len(found)):
        depth += found[at].says("(") - found[at].says(")")
        if depth == 0:
            return at
    return len(found)


def _alias(found: Sequence[Token], i: int) -> tuple[str | None, int]:
    if i < len(found) and found[i].says("AS"):
        i += 1
    if i < len(found) and found[i].kind in (WORD, QUOTED) and not found[i].says(*_ENDS):
        return name(found[i]), i + 1
    return None, i
