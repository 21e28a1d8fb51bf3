"""SCRAM-SHA-256, the server's side (RFC 5802 and 7677), as PostgreSQL speaks it.

No password is kept: a verifier proves that a client knows it, and proves to the client that the
server does.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
import stringprep
import unicodedata
from dataclasses import dataclass

ITERATIONS = 4096
MECHANISM = "SCRAM-SHA-256"

_VERIFIER = re.compile(
    r"SCRAM-SHA-256\$(\d+):([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)"
)
_FIRST = re.compile(
    r"(?P<header>[ny],(?:a=[^,]*)?,)(?P<bare>n=(?P<user>[^,]*),r=(?P<nonce>[!-+\--~]+))"
)
_FINAL = re.compile(
    r"(?P<bare>c=(?P<binding>[A-Za-z0-9+/=]+),r=(?P<nonce>[!-+\--~]+)),p=(?P<proof>.+)"
)


class ScramError(Exception):
    """The client does not follow the mechanism, or its proof is wrong."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """What a server keeps of a password."""

    iterations: int
    salt: bytes
    stored_key: bytes
    server_key: bytes

    @classmethod
    def of(cls, password: str, salt: bytes | None = None, iterations: int = ITERATIONS) -> Verifier:
        """Return the verifier of a password, with a salt of its own."""
        salt = salt if salt is not None else os.urandom(16)
        salted = hashlib.pbkdf2_hmac("sha256", prepared(password).encode(), salt, iterations)
        client_key = hmac.digest(salted, b"Client Key", "sha256")
        stored = hashlib.sha256(client_key).digest()
        return cls(iterations, salt, stored, hmac.digest(salted, b"Server Key", "sha256"))

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """Read ``SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key>``.

        Raises
        ------
        ValueError
            The text is no verifier.
        """
        found = _VERIFIER.fullmatch(text)
        if found is None:
            raise ValueError("no verifier of SCRAM-SHA-256")
        salt, stored, server = (base64.b64decode(found[at], validate=True) for at in (2, 3, 4))
        if len(stored) != 32 or len(server) != 32 or not int(found[1]) or not salt:
            raise ValueError("no verifier of SCRAM-SHA-256")
        return cls(int(found[1]), salt, stored, server)


class Exchange:
    """One client's proof: :meth:`first` answers its first message, :meth:`final` its second.

    Parameters
    ----------
    verifier : Verifier
        Of the user who asks; of nobody (:func:`nobody`) if there is no such user, so that the
        exchange looks the same and fails at its end.
    """

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier
        self._header = b""
        self._nonce = ""
        self._first = ""

    def first(self, message: bytes) -> bytes:
        """Return the challenge: nonce, salt and iterations."""
        found = _FIRST.fullmatch(_decoded(message))
        if found is None:
            raise ScramError("the first message of SCRAM is malformed")
        self._header = found["header"].encode()
        self._nonce = found["nonce"] + base64.b64encode(os.urandom(18)).decode()
        salt = base64.b64encode(self._verifier.salt).decode()
        challenge = f"r={self._nonce},s={salt},i={self._verifier.iterations}"
        self._first = f"{found['bare']},{challenge}"
        return challenge.encode()

    def final(self, message: bytes) -> bytes:
        """Return the server's own proof.

        Raises
        ------
        ScramError
            The client does not know the password.
        """
        found = _FINAL.fullmatch(_decoded(message))
        if found is None or found["nonce"] != self._nonce:
            raise ScramError("the final message of SCRAM is malformed")
        try:
            binding = base64.b64decode(found["binding"], validate=True)
            proof = base64.b64decode(found["proof"], validate=True)
        except binascii.Error as error:
            raise ScramError("the final message of SCRAM is malformed") from error
        signed = f"{self._first},{found['bare']}".encode()
        signature = hmac.digest(self._verifier.stored_key, signed, "sha256")
        if binding != self._header or len(proof) != len(signature):
            raise ScramError("the proof is wrong")
        client_key = bytes(a ^ b for a, b in zip(proof, signature, strict=True))
        if not hmac.compare_digest(hashlib.sha256(client_key).digest(), self._verifier.stored_key):
            raise ScramError("the proof is wrong")
        answer = hmac.digest(self._verifier.server_key, signed, "sha256")
        return b"v=" + base64.b64encode(answer)


def nobody(user: str, secret: bytes, iterations: int = ITERATIONS) -> Verifier:
    """Return a verifier that no password passes, the same one each time for a name."""
    salt = hmac.digest(secret, user.encode(), "sha256")[:16]
    return Verifier(iterations, salt, os.urandom(32), os.urandom(32))


def prepared(password: str) -> str:
    """Return a password as SASLprep (RFC 4013) has it, or as it is where that forbids it."""
    mapped = "".join(
        " " if stringprep.in_table_c12(letter) else letter
        for letter in password
        if not stringprep.in_table_b1(letter)
    )
    normal = unicodedata.normalize("NFKC", mapped)
    is_wrong = not normal or any(_is_forbidden(one) for one in normal) or not _is_one_way(normal)
    return password if is_wrong else normal


def _is_one_way(text: str) -> bool:
    """Whether a text that has letters written from right to left begins and ends with one."""
    if not any(stringprep.in_table_d1(letter) for letter in text):
        return True
    ends = stringprep.in_table_d1(text[0]) and stringprep.in_table_d1(text[-1])
    return ends and not any(stringprep.in_table_d2(letter) for letter in text)


def _is_forbidden(letter: str) -> bool:
    tables = (
        stringprep.in_table_a1,
        stringprep.in_table_c12,
        stringprep.in_table_c21_c22,
        stringprep.in_table_c3,
        stringprep.in_table_c4,
        stringprep.in_table_c5,
        stringprep.in_table_c6,
        stringprep.in_table_c7,
        stringprep.in_table_c8,
        stringprep.in_table_c9,
    )
    return any(is_in(letter) for is_in in tables)


def _decoded(message: bytes) -> str:
    try:
        return message.decode()
    except UnicodeDecodeError as error:
        raise ScramError("a message of SCRAM is not UTF-8") from error
