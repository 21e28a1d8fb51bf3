"""Collects what could stand at a place, best first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from ecomsql.cli.formats import quoted
from ecomsql.shell.arguments import Argument, arguments, ours, returned, values
from ecomsql.shell.context import Place, Source
from ecomsql.shell.files import READABLE, columns_of_file, files
from ecomsql.shell.names import Relation, Snapshot
from ecomsql.shell.tokens import COMMENT, QUOTED, STRING

_READERS = ("read_", "parquet_", "sniff_csv")
"""What names of functions over files begin with."""

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may stand here."""

    name: str
    """What is compared with what is typed."""
    text: str
    """What is put in its place."""
    about: str = ""
    is_keyword: bool = False

    @property
    def shown(self) -> str:
        """What the list says."""
        return self.text.strip()


class Candidates:
    """What may stand at a place.

    Parameters
    ----------
    con : DuckDBPyConnection
        For the columns of files.
    names : Snapshot
        What there is.
    place : Place
        Where.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, names: Snapshot, place: Place) -> None:
        self._con, self._names, self._place = con, names, place

    def found(self, *, asked: bool) -> Iterator[Candidate]:
        """Yield candidates, best first; without a word, few unless the user `asked`."""
        place = self._place
        if place.kind == COMMENT:
            return
        if place.kind == STRING:
            yield from self._in_string()
        elif place.qualifier:
            yield from self._behind_dot()
        elif place.word or asked or place.kind == QUOTED:
            yield from self._anything(asked=asked)
        elif self._wants_relation():
            yield from self._relations()
            yield from self._files_as_relations()
        elif place.call and place.call.is_new:
            yield from self._named_arguments()

    def _anything(self, *, asked: bool) -> Iterator[Candidate]:
        if self._wants_relation():
            yield from self._relations()
            yield from self._functions(table=True)
            yield from self._schemas()
            yield from self._files_as_relations()
            return
        yield from self._named_arguments()
        for source in self._place.sources:
            yield from self._columns(source)
        yield from self._aliases()
        if self._place.kind == QUOTED:
            yield from self._relations()
        # One letter begins too many of them to be of help.
        elif asked or len(self._place.word) > 1:
            yield from self._keywords()
            yield from self._functions(table=False)
            yield from self._relations()

    def _behind_dot(self) -> Iterator[Candidate]:
        """Yield the columns of a table, the tables of a schema, or what is in a database."""
        parts = self._place.qualifier
        for source in self._place.sources:
            if len(parts) == 1 and source.called == parts[0].lower():
                yield from self._columns(source)
        yield from self._columns(Source(parts=parts))
        wanted = tuple(part.lower() for part in parts)
        for one in self._names.relations:
            path = (one.database.lower(), one.schema.lower())
            if wanted in (path, path[1:], (path[0],) if path[1] == "main" else path):
                yield self._name(one.name, one.kind)
        for database, schema in self._names.schemas:
            if wanted == (database.lower(),):
                yield self._name(schema, "schema")
        if wanted == ("ecomsql",):
            yield from self._functions(table=True)

    def _wants_relation(self) -> bool:
        """Whether a table, a view or a file belongs here, also as the data of a function."""
        call = self._place.call
        if call is None or not call.is_new or call.place or self._place.wants_relation:
            return self._place.wants_relation
        return call.function in ours() and ours()[call.function].kind == "table"

    def _in_string(self) -> Iterator[Candidate]:
        """Yield files and tables where the string names one, columns and values likewise."""
        call = self._place.call
        known = self._argument()
        if known is not None and known.is_relation:
            yield from self._relations_in_string(models_first=known.is_model)
            yield from self._files()
        elif known is not None and known.is_column:
            yield from self._columns_of_data()
        elif known is not None:
            yield from (Candidate(one, f"{one}'") for one in values(known))
        elif self._wants_relation() or (call and call.function.startswith(_READERS)):
            yield from self._files()
            if call and call.function in ours() and not self._place.wants_relation:
                yield from self._relations_in_string()
        elif self._place.previous and self._place.previous.says("TO", "ATTACH", "READ"):
            yield from self._files()

    def _argument(self) -> Argument | None:
        """Return the argument of a function of ecomsql whose value is typed."""
        call = self._place.call
        if call is None:
            return None
        known = arguments(call.function)
        if call.argument is not None:
            return known.get(call.argument)
        ordered = list(known.values())
        return ordered[call.place] if 0 < call.place < len(ordered) else None

    def _named_arguments(self) -> Iterator[Candidate]:
        call = self._place.call
        if call is None or not call.is_new or not call.place:
            return
        for one in arguments(call.function).values():
            if one.default is not None and one.name not in call.given:
                yield Candidate(one.name, f"{one.name} := ", one.described)

    def _columns(self, source: Source) -> Iterator[Candidate]:
        about = source.called or source.function or source.file or ""
        for name, kind in self._columns_of(source).items():
            yield self._name(name, ", ".join(filter(None, (kind.lower(), about))))

    def _columns_of(self, source: Source) -> dict[str, str]:
        if source.file is not None:
            return columns_of_file(self._con, source.file)
        if source.function is not None:
            return returned(source.function)
        return self._names.columns_of(source.parts)

    def _columns_of_data(self) -> Iterator[Candidate]:
        """Yield the columns of the call's first argument."""
        call = self._place.call
        if call is None or call.data is None:
            return
        for name, kind in self._columns_of(call.data).items():
            yield Candidate(name, f"{name}'", kind.lower())

    def _aliases(self) -> Iterator[Candidate]:
        for source in self._place.sources:
            if source.alias:
                what = ".".join(source.parts) or source.file or source.function or ""
                yield self._name(source.alias, what)

    def _relations(self) -> Iterator[Candidate]:
        for one, path in self._paths():
            text = ".".join(self._quoted(part) for part in path)
            yield Candidate(one.name, text, self._about(one))

    def _relations_in_string(self, *, models_first: bool = False) -> Iterator[Candidate]:
        paths = self._paths()
        if models_first:
            paths = iter(sorted(paths, key=lambda one: "model" not in self._names.columns[one[0]]))
        for one, path in paths:
            yield Candidate(one.name, ".".join(path) + "'", self._about(one))

    def _paths(self) -> Iterator[tuple[Relation, tuple[str, ...]]]:
        """Yield the relations, those that are here first, and how each is named."""
        for one in sorted(self._names.relations, key=lambda one: not self._names.is_here(one)):
            if self._names.is_here(one):
                yield one, (one.name,)
            elif one.database == self._names.database:
                yield one, (one.schema, one.name)
            elif one.schema == "main":
                yield one, (one.database, one.name)
            else:
                yield one, (one.database, one.schema, one.name)

    def _about(self, one: Relation) -> str:
        names = list(self._names.columns.get(one, {}))
        more = ", ..." if len(names) > 4 else ""
        return f"{one.kind}: {', '.join(names[:4])}{more}"

    def _schemas(self) -> Iterator[Candidate]:
        for name in sorted({one for pair in self._names.schemas for one in pair}):
            yield Candidate(name, f"{self._quoted(name)}.", "schema")

    def _functions(self, *, table: bool) -> Iterator[Candidate]:
        """Yield functions; those of tables, or all."""
        for function in ours().values():
            if function.kind == "table" or not table:
                yield Candidate(function.name, f"{function.name}(", function.summary)
        for name, (kind, about) in self._names.functions.items():
            if kind.startswith("table") == table:
                yield Candidate(name, f"{name}(", about or kind.replace("_", " "))

    def _keywords(self) -> Iterator[Candidate]:
        common = [one for one in _COMMON if one in self._names.keywords]
        for name in (*common, *sorted(self._names.keywords - {*common})):
            yield Candidate(name, name, "", is_keyword=True)

    def _files(self) -> Iterator[Candidate]:
        for path, is_folder in files(self._place.word):
            yield Candidate(path, path if is_folder else f"{path}'", "folder" if is_folder else "")

    def _files_as_relations(self) -> Iterator[Candidate]:
        """Yield the files here that DuckDB reads by their name alone."""
        if self._place.kind != QUOTED:
            for path, is_folder in files(""):
                if not is_folder and path.endswith(READABLE) and "'" not in path:
                    yield Candidate(path, f"'{path}'", "file")

    def _name(self, name: str, about: str) -> Candidate:
        return Candidate(name, self._quoted(name), about)

    def _quoted(self, name: str) -> str:
        """Return a name as it is typed."""
        plain = set(name.lower()) <= _PLAIN and not name[:1].isdigit()
        keep = name and plain and name.lower() not in self._names.reserved
        return name if keep and self._place.kind != QUOTED else quoted(name)


_COMMON = (
    "select from where group by order limit join left inner on using having as and or not in is"
    " null distinct with create table view insert into values update set delete drop case when"
    " then else end between like ilike union all desc asc over partition qualify"
).split()
"""Keywords that are typed most, before the others."""
