"""Collects ``*.test`` files: one test a file, each on a fresh connection."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqllogictest import Record, SqlMismatchError, holds, parse, run

import ecomsql


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> SqlFile | None:
    if file_path.suffix != ".test":
        return None
    collected: SqlFile = SqlFile.from_parent(parent, path=file_path)
    return collected


class SqlFile(pytest.File):
    def collect(self) -> Iterator[pytest.Item]:
        yield SqlItem.from_parent(self, name=self.path.stem)


class SqlItem(pytest.Item):
    def runtest(self) -> None:
        records, requires = parse(self.path.read_text(encoding="utf-8"))
        unmet = [condition for condition in requires if not holds(condition)]
        if unmet:
            pytest.skip(f"requires {', '.join(unmet)}")
        factory: pytest.TempPathFactory = self.config._tmp_path_factory  # type: ignore[attr-defined]
        folder = factory.mktemp(self.path.stem)
        failures = []
        with ecomsql.connect() as con:
            for record in records:
                try:
                    run(con, record, folder)
                except SqlMismatchError as error:
                    failures.append(self._told(record, error))
        if failures:
            raise SqlMismatchError("\n\n".join(failures))

    def _told(self, record: Record, error: SqlMismatchError) -> str:
        place = self.path.relative_to(self.config.rootpath)
        return f"{place}:{record.line}\n{record.sql}\n{error}"

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: None = None) -> str:  # type: ignore[override]
        if isinstance(excinfo.value, SqlMismatchError):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name
