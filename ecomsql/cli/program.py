"""The ``ecomsql`` command: its parts, and what becomes of errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click
import duckdb

from ecomsql.cli.bench import bench
from ecomsql.cli.client_sql import client_sql
from ecomsql.cli.console import ReaderGone
from ecomsql.cli.demo import demo
from ecomsql.cli.functions import functions
from ecomsql.cli.messages import brief, complain
from ecomsql.cli.plot import plot
from ecomsql.cli.running import Interrupted, leave
from ecomsql.cli.serve import ping, serve
from ecomsql.cli.shell import shell
from ecomsql.cli.sql import sql
from ecomsql.errors import EcomsqlError
from ecomsql.version import __version__

FAILED, WRONG_USE, INTERRUPTED = 1, 2, 130
"""Exit codes; click itself answers wrong use with 2."""


class _Group(click.Group):
    """Knows the end of a pipe from an error; click itself would exit with 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ReaderGone from error


@click.group(
    cls=_Group,
    commands=[shell, sql, plot, functions, demo, bench, serve, ping, client_sql],
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="ecomsql", message="%(prog)s %(version)s")
@click.pass_context
def ecomsql(context: click.Context) -> int | None:
    """Machine learning for shops, in SQL, on DuckDB. Alone, on a terminal: a shell in memory."""
    if context.invoked_subcommand is not None:
        return None
    if sys.stdin.isatty():
        code: int = context.invoke(shell)
        return code
    # A job that forgot what to do is told, rather than left waiting for what to read.
    click.echo(context.get_help(), err=True)
    return WRONG_USE


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: those of the process.
    """
    sys.exit(_run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    """Run a command; turn whatever it raises into a message and an exit code."""
    try:
        code = ecomsql.main(arguments, prog_name="ecomsql", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        complain(_worded(error))
        return error.exit_code
    except (click.Abort, KeyboardInterrupt, Interrupted):
        # Not by way of sys.exit, which waits for the threads of every pool.
        leave(INTERRUPTED)
    except (ReaderGone, BrokenPipeError):
        _forget_stdout()
        return 0
    except (EcomsqlError, duckdb.Error, OSError) as error:
        complain(brief(error))
        return FAILED
    return code if isinstance(code, int) else 0


def _worded(error: click.ClickException) -> str:
    """Return a message of click, and where to find help."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    hint = f"\nTry '{context.command_path} --help'." if context else ""
    return error.format_message() + hint


def _forget_stdout() -> None:
    """Let what is left in the buffer go nowhere: the reader, ``head`` say, had enough."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
