"""Writes the SQL that lets a stock DuckDB call the functions of a Quack server as its own.

A macro of the same name and parameters on the client's side turns its arguments into literals,
builds the call as text and has the server run it. DuckDB renders every value so that the text means
the same value again; what a user passes is inside a literal, whatever it holds.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ecomsql import catalogue
from ecomsql.catalogue import Function
from ecomsql.errors import OptionError
from ecomsql.registration import CATALOG
from ecomsql.server.addresses import Address
from ecomsql.server.quack_address import uri
from ecomsql.server.signature import Parameter, parameters
from ecomsql.version import __version__

_HEAD = """\
The functions of ecomsql {version} on the server {uri},
for DuckDB's shell: duckdb -init FILE
{token}

  FROM recommend('events', k := 3) WHERE rank = 1;   a function, run by the server
  FROM {name}.events LIMIT 5;   a table of the server
  FROM {name}.query('SELECT ...');   anything else, in the server's SQL
  CONNECT {name};   DuckDB 2.0: all that follows is the server's, until DISCONNECT

Once on each machine, with a network: INSTALL httpfs; INSTALL quack;

Relations are called what the server calls them: 'events', not '{name}.events'. What only the
client has (tables, files, CTEs) "does not exist!" there, or there are "No files found"; to copy:
  CREATE TABLE {name}.events AS FROM 'events.parquet';
Tables that others have made since are seen after: CALL quack_clear_cache();

Arguments are constants, getvariable('v') or a parameter of a prepared statement; a column or a
subquery cannot be sent. DuckDB 1.5 reads from the server once in a statement: to join, put one
side into a table (CREATE TEMP TABLE r AS FROM recommend('events')), or the whole join into
{name}.query('...'). A view over a function asks the server when it is made, and at each use."""

_HELD = "The token of the server is in this file: keep it where others cannot read it."
_ELSEWHERE = "The token of the server is read from the environment variable {}."

LITERAL, OPTION = "_ecomsql_literal", "_ecomsql_option"

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

_HELPERS = f"""\
-- The SQL of a value. Numbers and truth as they are read best; all else in quotes, with its type.
CREATE OR REPLACE TEMP MACRO {LITERAL}(value) AS CASE
    WHEN value IS NULL THEN 'NULL'
    WHEN typeof(value) IN ('INTEGER', 'BIGINT', 'BOOLEAN') OR starts_with(typeof(value), 'DECIMAL')
        THEN value::VARCHAR
    WHEN typeof(value) = 'VARCHAR' OR starts_with(typeof(value), 'ENUM')
        THEN concat('''', replace(value::VARCHAR, '''', ''''''), '''')
    -- DuckDB 1.5 has several minds about the type of an empty list.
    WHEN value::VARCHAR = '[]' AND ends_with(typeof(value), '[]') THEN '[]'
    ELSE concat('CAST(''', replace(value::VARCHAR, '''', ''''''), ''' AS ', typeof(value), ')')
END;

-- A named argument, or nothing where it is as usual.
CREATE OR REPLACE TEMP MACRO {OPTION}(name, value, usual) AS CASE
    WHEN {LITERAL}(value) = {LITERAL}(usual) THEN ''
    ELSE concat(', ', name, ' := ', {LITERAL}(value))
END;"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """How a client reaches a server."""

    address: Address
    name: str = "shop"
    """What the server is called in the client's SQL."""

    variable: str = "ECOMSQL_PASSWORD"
    """The environment variable of the client that holds the token."""

    token: str | None = field(default=None, repr=False)
    """The token itself, to be written into the file instead."""

    extensions: tuple[Path, ...] = ()
    """Files to load the extensions from; none: as the client has installed them."""

    tls: bool | None = None
    """Whether the server, or a proxy before it, speaks TLS; None: if it is on another machine."""

    connect: bool = False
    """Whether to send the whole session to the server, as DuckDB 2.0 can."""

    def __post_init__(self) -> None:
        for what, word in (("name", self.name), ("environment variable", self.variable)):
            if not _WORD.fullmatch(word):
                raise OptionError(f"'{word}' is no {what}: take letters, digits and underscores")


def client_sql(client: Client) -> str:
    """Return the text of the file, one statement below the other."""
    parts = [_head(client), *_connection(client), _HELPERS]
    parts += [macro(function, client.name) for function in catalogue.functions()]
    if client.connect:
        parts.append(f"CONNECT {_identifier(client.name)};")
    return "\n\n".join(parts) + "\n"


def macro(function: Function, server: str) -> str:
    """Return the statement that lets a client call a function of the server of that name."""
    takes = parameters(function)
    declared = [one.name if one.default is None else _assigned(one) for one in takes]
    begin = f"CREATE OR REPLACE TEMP MACRO {function.name}({', '.join(declared)}) AS"
    sent = ",\n    ".join(_sent(function, takes))
    run = f"FROM {_identifier(server)}.query(concat(\n    {sent}\n))"
    if function.kind == "table":
        return f"{begin} TABLE\n{run};"
    return f"{begin} (\nSELECT _answer {run}\n);"


def _assigned(parameter: Parameter) -> str:
    return f"{parameter.name} := {parameter.default}"


def _sent(function: Function, takes: list[Parameter]) -> list[str]:
    """Return the SQL of the parts of the text that the server runs."""
    verb, end = ("FROM", ")") if function.kind == "table" else ("SELECT", ") AS _answer")
    given = [f"{LITERAL}({one.name})" for one in takes if one.default is None]
    usual = [
        f"{OPTION}({_quoted(one.name)}, {one.name}, {one.default})"
        for one in takes
        if one.default is not None
    ]
    call = _quoted(f"{verb} {CATALOG}.main.{function.name}(")
    return [", ".join([call, ", ', ', ".join(given)] if given else [call]), *usual, _quoted(end)]


def _head(client: Client) -> str:
    """Return the comment on top."""
    text = _HEAD.format(
        version=__version__,
        uri=uri(client.address),
        name=client.name,
        token=_HELD if client.token is not None else _ELSEWHERE.format(client.variable),
    )
    return "\n".join(f"-- {line}".rstrip() for line in text.splitlines())


def _connection(client: Client) -> Iterator[str]:
    """Yield the statements that load the extensions and attach the server."""
    files = [_quoted(str(file)) for file in client.extensions] or ["httpfs", "quack"]
    yield "\n".join(f"LOAD {file};" for file in files)
    secret = _identifier(f"ecomsql_{client.name}")
    if client.token is not None:
        token, before, after = _quoted(client.token), "", ""
    else:
        hint = f"set the environment variable {client.variable} to the token of the server"
        variable = _quoted("_ecomsql_token")
        # What is said of the secret goes nowhere, so that only results are printed.
        token, after = f"getvariable({variable})", "\nRESET VARIABLE _ecomsql_token;"
        before = (
            f"SET VARIABLE _ecomsql_token = coalesce(\n"
            f"    nullif(getenv({_quoted(client.variable)}), ''),\n"
            f"    error({_quoted(hint)})\n);\n.once {os.devnull}\n"
        )
    server = _quoted(uri(client.address))
    yield (
        f"{before}CREATE OR REPLACE TEMPORARY SECRET {secret} "
        f"(TYPE quack, SCOPE {server}, TOKEN {token});{after}"
    )
    tls = "" if client.tls is None else f", DISABLE_SSL {str(not client.tls).lower()}"
    yield f"ATTACH {server} AS {_identifier(client.name)} (TYPE quack{tls});"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
