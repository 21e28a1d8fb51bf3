"""What goes on in a dot command."""

from __future__ import annotations

from collections.abc import Iterator

from prompt_toolkit.completion import Completion

from ecomsql import catalogue
from ecomsql.shell.command import choices, commands
from ecomsql.shell.files import files
from ecomsql.shell.names import Snapshot


def of_command(text: str, names: Snapshot) -> Iterator[Completion]:
    """Yield what goes on from the dot command that `text` is."""
    typed = text.lstrip().removeprefix(".")
    name, space, rest = typed.partition(" ")
    if not space:
        for one in commands().values():
            if one.name.startswith(name.lower()):
                yield Completion(
                    f".{one.name}", start_position=-len(name) - 1, display_meta=one.summary
                )
        return
    found = commands().get(name.lower())
    given = rest.split(" ")
    if found is None or len(given) > len(found.arguments):
        return
    for word, about in _words(found.arguments[len(given) - 1].strip("[]"), given[-1], names):
        if word.lower().startswith(given[-1].lower()):
            text = f"'{word}'" if " " in word else word
            yield Completion(text, start_position=-len(given[-1]), display_meta=about)


def _words(argument: str, begun: str, names: Snapshot) -> Iterator[tuple[str, str]]:
    """Yield the words that may stand for an argument of a usage, and what each is."""
    if "|" in argument:
        yield from ((word, "") for word in choices(argument))
    elif argument == "FILE":
        yield from ((path, "") for path, _ in files(begun))
    elif argument == "FOLDER":
        yield from ((path, "") for path, is_folder in files(begun) if is_folder)
    elif argument == "FUNCTION":
        yield from ((one.name, one.summary) for one in catalogue.functions())
        yield from ((one.name, one.summary) for one in commands().values())
    elif argument in ("TABLE", "PATTERN"):
        yield from ((one.name, one.kind) for one in names.relations)
