"""Settings of a session: PostgreSQL's are kept, DuckDB's are set."""

from __future__ import annotations

import re

from ecomsql.server.database import Database
from ecomsql.server.postgres.answers import Answer, Result, Table
from ecomsql.server.postgres.copy_out import quoted
from ecomsql.server.postgres.errors import PostgresError
from ecomsql.server.postgres.settings import Settings
from ecomsql.server.postgres.transactions import Transactions


class SessionSettings(Transactions):
    """Answers SET, RESET and SHOW.

    Parameters
    ----------
    database : Database
        The server's DuckDB.
    settings : Settings
        Of the session.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        super().__init__(database.session())
        self.database, self.settings = database, settings

    def set(self, name: str, value: str, sql: str | None = None) -> None:
        """Change a setting: one of PostgreSQL's, else one of DuckDB's."""
        lowered, con = name.lower(), self.session.con
        if lowered == "timezone":
            self.settings.has_changed = True
            zone = "UTC" if value.lower() in ("default", "local") else value
            con.execute(f"SET TimeZone = {quoted(zone)}")
        elif lowered == "search_path":
            self.session.set_search_path(value)
        elif name in self.settings:
            if value.lower() == "default":
                self.settings.reset(name)
            else:
                self.settings.set(name, value)
        else:
            [statement] = con.extract_statements(sql or f"SET {name} = {quoted(value)}")
            self.database.policy.check(statement)
            con.execute(statement)
            self.session.after(statement)

    def start_setting(self, name: str, value: str) -> None:
        """Take a setting of the startup message; what nobody has heard of is left out."""
        lowered = name.lower()
        if lowered == "database":
            try:
                self.session.go_to(value)
            except LookupError as error:
                raise PostgresError("3D000", str(error.args[0])) from None
        elif lowered in ("timezone", "search_path"):
            self.set(name, value)
        elif lowered == "options":
            for one, said in re.findall(r"(?:-c\s*|--)([\w.]+)=((?:\\.|\S)+)", value):
                self.start_setting(one, re.sub(r"\\(.)", r"\1", said))
        elif name in self.settings:
            self.settings.start(name, value)

    def reset(self, name: str | None) -> None:
        """Put a setting, or all, back to what they were at the start."""
        if name is None or name in self.settings:
            self.settings.reset(name)
        if name is None or name.lower() == "timezone":
            self.settings.has_changed = True
            self.session.con.execute("RESET TimeZone")
        if name is None or name.lower() == "search_path":
            self.session.set_search_path("")
        elif name.lower() != "timezone" and name not in self.settings:
            self.set_back(name)

    def set_back(self, name: str) -> None:
        """Reset a setting of DuckDB."""
        [statement] = self.session.con.extract_statements(f"RESET {name}")
        self.database.policy.check(statement)
        self.session.con.execute(statement)

    def setting(self, name: str) -> str:
        """Return a setting's value."""
        if name.lower() == "search_path":
            return self.session.search_path
        if name.lower() != "timezone" and name in self.settings:
            return self.settings.get(name)
        [(value,)] = self.session.con.execute("SELECT current_setting(?)", [name]).fetchall()
        return str(value)

    def show(self, name: str, sql: str) -> Answer:
        """Answer SHOW, also DuckDB's SHOW TABLES and the like."""
        if name.lower() == "all" and sql.upper().split() == ["SHOW", "ALL"]:
            rows = [[one, value, ""] for one, value in self.settings.all()]
            return Table("SHOW", ["name", "setting", "description"], rows)
        if name.lower() in ("tables", "databases", "schemas", "views", "variables"):
            [statement] = self.session.con.extract_statements(sql)
            return Result("SHOW", self.session.con.sql(statement))
        title = self.settings.proper_name(name) if name in self.settings else name
        return Table("SHOW", [title], [[self.setting(name)]])
