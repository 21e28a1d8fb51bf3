"""The command line: results on stdout, messages on stderr, exit codes that mean something.

0: all went well; 1: a query or a benchmark failed; 2: wrong use; 130: interrupted.
"""

from __future__ import annotations

from ecomsql.cli.program import main

__all__ = ["main"]
