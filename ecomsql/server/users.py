"""Who may enter: one user with a password from the environment, or several from a file."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from ecomsql.errors import EcomsqlError
from ecomsql.server.scram import ITERATIONS, Verifier, nobody

USER = "ecomsql"
"""The one user, where no file names others."""

PASSWORD = "ECOMSQL_PASSWORD"
"""Environment variable with the password of the one user."""


class UsersError(EcomsqlError):
    """The file of users cannot be used."""


class Users:
    """Names and verifiers. Passwords themselves are not kept."""

    def __init__(self, verifiers: dict[str, Verifier]) -> None:
        self._verifiers = verifiers
        self._secret = os.urandom(32)

    def __contains__(self, name: str) -> bool:
        return name in self._verifiers

    def verifier(self, name: str) -> Verifier:
        """Return the verifier of a user; of a name that is none, one that nothing passes."""
        found = self._verifiers.get(name)
        if found is not None:
            return found
        alike = next(iter(self._verifiers.values()), None)
        return nobody(name, self._secret, alike.iterations if alike else ITERATIONS)


def generated_password() -> str:
    """Return a new password, fit for a URL."""
    return secrets.token_urlsafe(18)


def read_users(file: Path) -> Users:
    """Read lines ``name:password`` or ``name:SCRAM-SHA-256$...``; ``#`` begins a comment.

    Raises
    ------
    UsersError
        The file cannot be read, others than its owner may read it, or a line is wrong.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            text = opened.read()
    except (OSError, UnicodeDecodeError) as error:
        raise UsersError(f"cannot read the users from {file}: {error}") from error
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UsersError(f"others can read the passwords in {file}: chmod 600 {file}")
    verifiers: dict[str, Verifier] = {}
    # Not splitlines, which parts passwords at letters that end lines elsewhere.
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith("#"):
            name, verifier = _user(line, f"{file}, line {number}")
            if name in verifiers:
                raise UsersError(f"{file}, line {number}: the user '{name}' is there already")
            verifiers[name] = verifier
    if not verifiers:
        raise UsersError(f"there is no user in {file}; a line is name:password")
    return Users(verifiers)


def _user(line: str, where: str) -> tuple[str, Verifier]:
    name, colon, secret = line.partition(":")
    name = name.strip()
    if not colon or not name or not secret:
        raise UsersError(f"{where}: a line is name:password or name:SCRAM-SHA-256$...")
    if not secret.startswith("SCRAM-SHA-256$"):
        return name, Verifier.of(secret)
    try:
        return name, Verifier.parse(secret.strip())
    except ValueError as error:
        raise UsersError(f"{where}: the verifier of '{name}' is malformed") from error
