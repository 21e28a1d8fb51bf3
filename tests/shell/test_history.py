from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest

from ecomsql.shell import history as module
from ecomsql.shell.history import History, history, history_file


def read(one):
    async def all_of_it():
        return [text async for text in one.load()]

    return asyncio.run(all_of_it())


@pytest.fixture
def file(tmp_path):
    return tmp_path / "state" / "history"


def test_it_stays_and_is_private(file):
    one = History(file)
    one.append_string("SELECT 1,\n  'ü';")
    one.append_string(".tables")
    assert read(History(file)) == [".tables", "SELECT 1,\n  'ü';"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_space_in_front_is_not_kept(file):
    one = History(file)
    for text in (" SELECT 1;", "  ", ""):
        one.append_string(text)
    assert one.get_strings() == read(History(file)) == []


@pytest.mark.parametrize(
    "text",
    ["CREATE SECRET s (TYPE s3,\n KEY_ID 'x');", "SELECT f(token := 'x');", "SET PASSWORD = 'x';"],
)
def test_secrets_are_kept_in_memory_only(file, text):
    one = History(file)
    one.append_string(text)
    assert one.get_strings() == [text]
    assert read(History(file)) == []


def test_names_like_secrets_are_kept(file):
    one = History(file)
    one.append_string("SELECT token FROM words;")
    assert read(History(file)) == ["SELECT token FROM words;"]


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    one = History(tmp_path / "file" / "history")
    one.append_string("SELECT 1;")
    assert one.get_strings() == ["SELECT 1;"]
    assert read(History(tmp_path / "file" / "history")) == []


def test_a_long_one_is_shortened(file, monkeypatch):
    monkeypatch.setattr(module, "LARGEST", 2000)
    one = History(file)
    for number in range(60):
        one.append_string(f"SELECT {number};")
    kept = read(History(file))
    assert kept[0] == "SELECT 59;"
    assert 5 < len(kept) < 60
    assert kept == [f"SELECT {number};" for number in range(59, 59 - len(kept), -1)]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_user_without_a_home(monkeypatch):
    def nowhere():
        raise RuntimeError

    monkeypatch.setenv("XDG_STATE_HOME", "")
    monkeypatch.setattr(Path, "home", nowhere)
    assert history_file() is None
    assert history().get_strings() == []


def test_where_it_is(monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", "/somewhere")
    assert history_file() == Path("/somewhere/ecomsql/history")
    for ignored in ("", "relative"):
        monkeypatch.setenv("XDG_STATE_HOME", ignored)
        monkeypatch.setenv("HOME", "/home/me")
        assert history_file() == Path("/home/me/.local/state/ecomsql/history")
