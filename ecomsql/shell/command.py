"""Dot commands: what declares one, finds one, and checks how it is used.

A module in ``ecomsql/shell/commands`` declares with ``@command``; adding one takes no more.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from ecomsql.errors import did_you_mean
from ecomsql.shell.errors import CommandError
from ecomsql.shell.session import Session

_WORD = re.compile(r"""\s*(?:'[^']*'|"[^"]*"|\S)+""")
_REST = "..."
"""Ends a usage whose last argument is the rest of the line as it is."""


@dataclass(frozen=True, slots=True)
class Command:
    """A dot command.

    ``usage`` names its arguments: ``FILE``, ``[TABLE]`` when it may be left out, ``on|off`` when
    these words alone are taken, and ``[QUERY...]`` for the rest of the line.
    """

    name: str
    usage: str
    run: Callable[..., None]

    @property
    def summary(self) -> str:
        """What it does, in a line."""
        return (self.run.__doc__ or "").partition("\n")[0]

    @property
    def shape(self) -> str:
        """How it is typed."""
        return f".{self.name} {self.usage}".rstrip()

    @property
    def arguments(self) -> list[str]:
        """Names of the arguments as in the usage."""
        return self.usage.split()

    def call(self, session: Session, text: str) -> None:
        """Run with the arguments in `text`.

        Raises
        ------
        CommandError
            There are too few, too many, or one that is not taken.
        """
        self.run(session, *self._checked(self._split(text)))

    def _split(self, text: str) -> list[str]:
        """Cut at spaces outside of quotes; the rest of the line stays as it is."""
        if not self.usage.endswith((_REST, f"{_REST}]")):
            return words(text)
        if len(self.arguments) == 1:
            return [text] if text else []
        match = _WORD.match(text)
        head = match[0] if match else ""
        return [part for part in (*words(head), text[len(head) :].strip()) if part]

    def _checked(self, given: list[str]) -> list[str]:
        least = sum(not one.startswith("[") for one in self.arguments)
        if not least <= len(given) <= len(self.arguments):
            raise CommandError(f"it is used as {self.shape}")
        return [_choice(one, word) for one, word in zip(self.arguments, given, strict=False)]


_commands: dict[str, Command] = {}


def command(*names: str, usage: str = "") -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare a function of a session and strings as a dot command of these names."""

    def declare(run: Callable[..., None]) -> Callable[..., None]:
        for name in names:
            _commands[name] = Command(name, usage, run)
        return run

    return declare


@cache
def commands() -> dict[str, Command]:
    """Return every command by its name."""
    from ecomsql.shell import commands as folder

    for module in pkgutil.iter_modules(folder.__path__):
        importlib.import_module(f"{folder.__name__}.{module.name}")
    return dict(sorted(_commands.items()))


def run_command(session: Session, line: str) -> None:
    """Run the dot command of a line.

    Raises
    ------
    CommandError
        There is no such command, or it was used wrongly.
    """
    name, _, rest = line.strip().rstrip("; \t\n").removeprefix(".").partition(" ")
    find(name).call(session, rest.strip())


def find(name: str) -> Command:
    """Return the command of this name, or the only one that begins so, as DuckDB's shell does."""
    there = commands()
    name = name.strip().lower()
    if name in there:
        return there[name]
    found = [one for one in there if name and one.startswith(name)]
    if len(found) == 1:
        return there[found[0]]
    if found:
        raise CommandError(f".{name} may be {' or '.join(f'.{one}' for one in found)}")
    near = did_you_mean(f".{name}", [f".{one}" for one in there]) or "; .help lists them"
    raise CommandError(f"there is no command .{name}{near}")


def choices(argument: str) -> list[str]:
    """Return the words that an argument of a usage takes, none if it takes any."""
    bare = argument.strip("[]")
    return bare.split("|") if "|" in bare else []


def words(text: str) -> list[str]:
    """Cut a line at spaces outside of quotes.

    Raises
    ------
    CommandError
        A quote is not closed.
    """
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.whitespace_split = True
    lexer.commenters = lexer.escape = ""
    try:
        return list(lexer)
    except ValueError as error:
        raise CommandError(f"a quote is not closed in: {text}") from error


def _choice(argument: str, word: str) -> str:
    taken = choices(argument)
    if taken and word.lower() not in taken:
        raise CommandError(f"'{word}' is none of {', '.join(taken)}{did_you_mean(word, taken)}")
    return word.lower() if taken else word
