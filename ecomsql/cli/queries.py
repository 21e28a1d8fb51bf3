"""Files of SQL with a question on top."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources.abc import Traversable

NEEDS = "-- needs: "


@dataclass(frozen=True, slots=True)
class Query:
    """One file: its name without ``.sql``, the comment on top, and the SQL below."""

    name: str
    question: str
    sql: str

    def part(self, extensions: Callable[[str], bool]) -> str:
        """Return the SQL up to the first line ``-- needs: EXTENSION`` whose extension is missing.

        Parameters
        ----------
        extensions : callable
            Tells whether an extension of DuckDB is there, by its name.
        """
        lines = self.sql.splitlines()
        for at, line in enumerate(lines):
            if line.startswith(NEEDS) and not extensions(line.removeprefix(NEEDS).strip()):
                return "\n".join(lines[:at]).strip()
        return self.sql


def queries(folder: Traversable) -> list[Query]:
    """Return the ``.sql`` files of a folder, by name."""
    files = [file for file in folder.iterdir() if file.name.endswith(".sql")]
    return [
        parse(file.name.removesuffix(".sql"), file.read_text(encoding="utf-8"))
        for file in sorted(files, key=lambda file: file.name)
    ]


def parse(name: str, text: str) -> Query:
    """Split a file into the comment on top, joined to one line, and the rest."""
    lines = text.strip().splitlines()
    top = next((i for i, line in enumerate(lines) if not line.startswith("--")), len(lines))
    question = " ".join(line.removeprefix("--").strip() for line in lines[:top])
    return Query(name, question.strip(), "\n".join(lines[top:]).strip())
