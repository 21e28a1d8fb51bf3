"""The plugin of dbt-duckdb: models find the functions, on every thread.

In ``profiles.yml``, beside ``type: duckdb``::

    plugins:
      - module: ecomsql.dbt
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecomsql.errors import RegistrationError, listed
from ecomsql.registration import CATALOG, register

try:
    from dbt.adapters.duckdb.plugins import BasePlugin
    from dbt_common.exceptions import DbtRuntimeError
except ImportError as error:
    raise ImportError("ecomsql.dbt needs dbt-duckdb: pip install 'ecomsql[dbt]'") from error

if TYPE_CHECKING:
    import duckdb
    from dbt.adapters.duckdb.credentials import DuckDBCredentials


class Plugin(BasePlugin):
    """Puts the functions on dbt's database, and lets the cursor of each thread find them.

    It takes no options. What is wrong is told as dbt's own error, which dbt prints as a line.
    """

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Refuse options, and databases that take the name of the functions' catalog.

        Parameters
        ----------
        plugin_config : dict
            DuckDB's settings of the profile, and over them the ``config`` of the plugin.
        """
        if self.creds is not None:
            _refuse_options(plugin_config, self.creds)
            _refuse_names(self.creds)

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Create the functions in the instance that dbt has opened."""
        _register(conn)

    def configure_cursor(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Let a cursor find them unqualified: it does not inherit the search path."""
        _register(cursor)


def _register(con: duckdb.DuckDBPyConnection) -> None:
    try:
        register(con)
    except RegistrationError as error:
        raise DbtRuntimeError(str(error)) from error


def _refuse_options(config: dict[str, Any], creds: DuckDBCredentials) -> None:
    strange = config.keys() - (creds.settings or {}).keys()
    if strange:
        raise DbtRuntimeError(
            f"the plugin ecomsql.dbt takes no options, but its config has {listed(sorted(strange))}"
        )


def _refuse_names(creds: DuckDBCredentials) -> None:
    """Refuse databases by their names: dbt attaches with IF NOT EXISTS, in silence."""
    name = creds.path_derived_database_name
    if name(creds.path).lower() == CATALOG:
        raise DbtRuntimeError(_taken(creds.path, "rename the file"))
    for one in creds.attach or []:
        if (one.alias or name(one.path)).lower() == CATALOG:
            raise DbtRuntimeError(_taken(one.path, "give it another alias"))


def _taken(path: str, cure: str) -> str:
    return (
        f"the database {path} takes the name of the catalog '{CATALOG}' that holds the "
        f"functions; {cure}"
    )
