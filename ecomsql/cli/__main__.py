"""Lets ``python -m ecomsql.cli`` be the command line."""

from __future__ import annotations

from ecomsql.cli import main

main()
