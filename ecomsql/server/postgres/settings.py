"""Settings of a session that PostgreSQL has and DuckDB has not."""

from __future__ import annotations

import re
import secrets

from ecomsql.server.postgres.errors import PostgresError
from ecomsql.version import __version__

SERVER_VERSION = "15.0"
"""The version of PostgreSQL whose catalogue and functions clients may expect."""

REPORTED = (
    "server_version",
    "server_encoding",
    "client_encoding",
    "application_name",
    "is_superuser",
    "session_authorization",
    "DateStyle",
    "IntervalStyle",
    "TimeZone",
    "integer_datetimes",
    "standard_conforming_strings",
    "default_transaction_read_only",
    "in_hot_standby",
)
"""Settings that clients are told of at the start and whenever they change."""

_DEFAULTS = {
    "server_version": f"{SERVER_VERSION} (ecomsql {__version__})",
    "server_version_num": "150000",
    "server_encoding": "UTF8",
    "client_encoding": "UTF8",
    "application_name": "",
    "is_superuser": "off",
    "session_authorization": "ecomsql",
    "DateStyle": "ISO, MDY",
    "IntervalStyle": "postgres",
    "integer_datetimes": "on",
    "standard_conforming_strings": "on",
    "default_transaction_read_only": "off",
    "transaction_read_only": "off",
    "in_hot_standby": "off",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "transaction_isolation": "repeatable read",
    "default_transaction_isolation": "repeatable read",
    "transaction_deferrable": "off",
    "statement_timeout": "0",
    "lock_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "client_min_messages": "notice",
    "log_statement": "none",
    "max_identifier_length": "63",
    "max_index_keys": "32",
    "block_size": "8192",
    "jit": "off",
    "row_security": "on",
    "synchronous_commit": "on",
    "backslash_quote": "safe_encoding",
    "escape_string_warning": "on",
    "lc_collate": "C",
    "lc_ctype": "C",
    "lc_messages": "C",
    "lc_monetary": "C",
    "lc_numeric": "C",
    "lc_time": "C",
    "default_tablespace": "",
    "enable_seqscan": "on",
    "geqo": "on",
    "ssl": "off",
    "ssl_renegotiation_limit": "0",
    "check_function_bodies": "on",
    "xmloption": "content",
    "xmlbinary": "base64",
    "default_table_access_method": "heap",
    "cursor_tuple_fraction": "0.1",
    "plan_cache_mode": "auto",
    "password_encryption": "scram-sha-256",
}

_FIXED = {
    "client_encoding": ("UTF8", "UNICODE", "SQLASCII"),
    "standard_conforming_strings": ("on", "true", "1", "yes"),
    "intervalstyle": ("postgres",),
    "bytea_output": ("hex",),
    "integer_datetimes": ("on",),
}
"""Settings that take one value only, in its spellings."""

_SAID = ("server_version", "server_version_num", "server_encoding", "is_superuser", "ssl")
"""What the server says of itself, and nobody sets."""


_TIMES = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
_TIME = re.compile(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*(us|ms|s|min|h|d|)\s*", re.ASCII)
_UNITS = {"us": 1e-6, "": 1e-3, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}


def seconds(setting: str) -> float:
    """Read a time as PostgreSQL writes it: milliseconds, or a number with a unit.

    Raises
    ------
    ValueError
        The text is no time.

    Examples
    --------
    >>> seconds("1500"), seconds("2min")
    (1.5, 120.0)
    """
    found = _TIME.fullmatch(setting)
    if found is None:
        raise ValueError(f"'{setting}' is no time")
    return float(found[1]) * _UNITS[found[2]]


def _check_time(name: str, value: str) -> None:
    try:
        seconds(value)
    except ValueError as error:
        raise PostgresError(
            "22023",
            f'invalid value for parameter "{name}": "{value}"',
            hint="Write milliseconds, or a number and one of us, ms, s, min, h, d.",
        ) from error


class Settings:
    """The settings of one session, by names whose letters' case does not matter."""

    def __init__(self, user: str, *, read_only: bool, process: int = 0) -> None:
        self.process = process
        self.key = secrets.token_hex(16)
        """What tells this session from all others; it leaves the server nowhere."""
        self.has_changed = True
        """Whether clients have to be told; DuckDB's time zone counts too."""
        self._names = {name.lower(): name for name in _DEFAULTS}
        self._values = {name.lower(): value for name, value in _DEFAULTS.items()}
        self._values["session_authorization"] = user
        if read_only:
            self._values["default_transaction_read_only"] = "on"
            self._values["transaction_read_only"] = "on"
        self._at_start = dict(self._values)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._values

    def get(self, name: str) -> str:
        """Return the value of a setting."""
        return self._values[name.lower()]

    def proper_name(self, name: str) -> str:
        """Return a name as clients are told it: ``DateStyle``."""
        return self._names[name.lower()]

    def set(self, name: str, value: str) -> None:
        """Change a setting.

        Raises
        ------
        PostgresError
            The server has one value for it, and this is another.
        """
        key, self.has_changed = name.lower(), True
        if key in _SAID:
            raise PostgresError("55P02", f'parameter "{name}" cannot be changed')
        allowed = _FIXED.get(key)
        # As PostgreSQL reads the names of encodings: 'utf-8' in quotes is UTF8.
        plain = re.sub(r"\W|_", "", value).lower()
        if allowed and plain not in [one.lower() for one in allowed]:
            raise PostgresError(
                "22023",
                f'invalid value for parameter "{name}": "{value}"',
                hint=f"This server has {allowed[0]} only.",
            )
        if key in _TIMES:
            _check_time(name, value)
        if key == "datestyle":
            self._set_date_style(value)
        elif key == "client_encoding":
            self._values[key] = "UTF8"
        else:
            self._values[key] = value

    def reset(self, name: str | None = None) -> None:
        """Put a setting, or all of them, back to what they were at the start."""
        self.has_changed = True
        if name is None:
            self._values = dict(self._at_start)
        elif name.lower() in self._at_start:
            self._values[name.lower()] = self._at_start[name.lower()]

    def start(self, name: str, value: str) -> None:
        """Take a setting of the startup message as what :meth:`reset` returns to."""
        self.set(name, value)
        self._at_start[name.lower()] = self._values[name.lower()]

    def all(self) -> list[tuple[str, str]]:
        """Return names and values, by name."""
        return sorted((self._names[key], value) for key, value in self._values.items())

    def _set_date_style(self, value: str) -> None:
        parts = [part.strip().upper() for part in value.split(",")]
        styles = [part for part in parts if part not in ("MDY", "DMY", "YMD", "US", "EUROPEAN")]
        if any(style not in ("ISO", "DEFAULT") for style in styles):
            raise PostgresError(
                "22023",
                f'invalid value for parameter "DateStyle": "{value}"',
                hint="This server writes dates in ISO style only.",
            )
        order = next((part for part in parts if part in ("MDY", "DMY", "YMD")), "MDY")
        self._values["datestyle"] = f"ISO, {order}"
