"""What ships is what is in the repository: every source file, and no stray module."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS = PROJECT["tool"]["setuptools"]
HOMES = {"ecomsql": "ecomsql", "sql": "ecomsql/sql", "udfs": "ecomsql/udfs"}
"""Folder in the repository to folder in the package."""
SHIPPED = {".py", ".sql", ".csv", ".typed"}


def in_package(path: Path) -> str:
    top, *rest = path.relative_to(ROOT).parts
    return "/".join([HOMES[top], *rest])


def sources() -> list[Path]:
    """Return the tracked source files, or all of them where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", *HOMES], cwd=ROOT, capture_output=True, text=True, check=False
    )
    found = [ROOT / line for line in listed.stdout.splitlines()]
    found = found or [path for top in HOMES for path in (ROOT / top).rglob("*")]
    return [path for path in found if path.suffix in SHIPPED and path.exists()]


def test_package_list_is_the_folders():
    folders = {
        in_package(path.parent).replace("/", ".")
        for path in sources()
        if path.name == "__init__.py"
    }
    assert sorted(SETUPTOOLS["packages"]) == sorted(folders)


def test_every_folder_with_python_is_a_package():
    for path in sources():
        if path.suffix == ".py":
            assert (path.parent / "__init__.py").exists(), path


def test_the_mapping_of_folders_is_the_one_given():
    assert SETUPTOOLS["package-dir"] == {"ecomsql.sql": "sql", "ecomsql.udfs": "udfs"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> zipfile.ZipFile:
    pytest.importorskip("build", reason="the package 'build' is not installed")
    copy = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy / name)
    for path in sources():
        target = copy / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", copy / "out"]
    done = subprocess.run([*command, copy], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [path] = (copy / "out").glob("*.whl")
    with zipfile.ZipFile(path) as opened:
        yield opened


def test_every_source_file_is_in_the_wheel(wheel):
    missing = {in_package(path) for path in sources()} - set(wheel.namelist())
    assert not missing


def test_no_stray_module_is_in_the_wheel(wheel):
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"ecomsql"}
    stray = re.compile(r"(^|/)(tests?/|test_|conftest|__pycache__)|\.test$")
    assert not [name for name in wheel.namelist() if stray.search(name)]


def test_the_wheel_names_its_command_and_license(wheel):
    info = [name for name in wheel.namelist() if ".dist-info/" in name]
    assert any(name.endswith("/entry_points.txt") for name in info)
    assert any("LICENSE" in name for name in info)
