"""The one command: ``python -m benchmarks [quality|speed] [--only NAME,...] [--json OUT]``."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
from pathlib import Path

from rich.console import Console

from benchmarks.report import Run, Table, stamp, write


def main() -> None:
    """Run every suite of the folders asked for, print its tables, write JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("folder", nargs="?", choices=["quality", "speed"], help="default: both")
    parser.add_argument("--only", default="", help="data sets, separated by commas")
    parser.add_argument("--repeat", type=int, default=3, help="runs of what is compared in time")
    parser.add_argument("--json", type=Path, help="file to write")
    wanted = parser.parse_args()
    run = Run({name for name in wanted.only.split(",") if name}, wanted.repeat)
    console = Console(width=150)
    console.print(stamp())
    tables: list[Table] = []
    for folder in [wanted.folder] if wanted.folder else ["quality", "speed"]:
        package = importlib.import_module(f"benchmarks.{folder}")
        for module in pkgutil.iter_modules(package.__path__):
            suite = importlib.import_module(f"{package.__name__}.{module.name}")
            if not hasattr(suite, "tables"):
                continue
            for table in suite.tables(run):
                table.show(console)
                tables.append(table)
                if wanted.json:
                    write(wanted.json, tables, run)


if __name__ == "__main__":
    main()
