"""SCRAM-SHA-256, the server's side, with published answers and with clients that cheat."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecomsql.server import scram
from ecomsql.server.scram import Exchange, ScramError, Verifier, nobody, prepared

SALT = base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")
NONCE = "rOprNGfwEbeRWgbNEkqO"
SERVERS = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"


@pytest.fixture
def published(monkeypatch):
    """The exchange of RFC 7677, section 3: user "user", password "pencil"."""
    exchange = Exchange(Verifier.of("pencil", SALT))
    encoded = type("Encoded", (), {"decode": staticmethod(lambda: SERVERS)})
    with monkeypatch.context() as patched:
        patched.setattr(scram.base64, "b64encode", _server_nonce(encoded))
        first = exchange.first(f"n,,n=user,r={NONCE}".encode())
    assert first.decode() == f"r={NONCE}{SERVERS},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    return exchange


def _server_nonce(encoded):
    usual = base64.b64encode
    calls = []

    def instead(data: bytes):
        calls.append(data)
        return encoded if len(calls) == 1 else usual(data)

    return instead


PROOF = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="


def test_the_published_example(published):
    message = f"c=biws,r={NONCE}{SERVERS},p={PROOF}"
    expected = b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
    assert published.final(message.encode()) == expected


@pytest.mark.parametrize(
    "message",
    [
        f"c=biws,r={NONCE}{SERVERS},p={'A' * 43}=",
        f"c=biws,r={NONCE}{SERVERS},p=",
        f"c=biws,r={NONCE}{SERVERS}",
        f"c=biws,r={NONCE},p={PROOF}",
        f"c=biws,r={SERVERS},p={PROOF}",
        f"c=eSws,r={NONCE}{SERVERS},p={PROOF}",
        f"c=,r={NONCE}{SERVERS},p={PROOF}",
        f"c=biws,r={NONCE}{SERVERS},p={PROOF[:-4]}",
        f"c=biws,r={NONCE}{SERVERS},p=!!!!",
        f"c=biws,r={NONCE}{SERVERS},x=1,p={PROOF}",
        "",
        "\0",
        "p=",
    ],
)
def test_a_wrong_proof(published, message):
    with pytest.raises(ScramError):
        published.final(message.encode())


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"n,,",
        b"n,,n=user",
        b"n,,n=user,r=",
        b"n,,n=user,r=a,b",
        b"p=tls-server-end-point,,n=user,r=abc",
        b"x,,n=user,r=abc",
        b"n,,m=ext,n=user,r=abc",
        b"n,,n=user,r=ab\xc3\xa4",
        b"n,,n=user,r=\xff",
        b"\0" * 40,
    ],
)
def test_a_malformed_first_message(message):
    with pytest.raises(ScramError):
        Exchange(Verifier.of("x", SALT, 1)).first(message)


def _proof(password: str, challenge: bytes, nonce: str = "abc", header: str = "n,,") -> bytes:
    """Return the final message of an honest client."""
    said = dict(part.split("=", 1) for part in challenge.decode().split(","))
    salted = hashlib.pbkdf2_hmac(
        "sha256", password.encode(), base64.b64decode(said["s"]), int(said["i"])
    )
    bare = f"c={base64.b64encode(header.encode()).decode()},r={said['r']}"
    signed = f"n=u,r={nonce},{challenge.decode()},{bare}".encode()
    key = hmac.digest(salted, b"Client Key", "sha256")
    signature = hmac.digest(hashlib.sha256(key).digest(), signed, "sha256")
    proof = bytes(a ^ b for a, b in zip(key, signature, strict=True))
    return f"{bare},p={base64.b64encode(proof).decode()}".encode()


def test_a_proof_is_good_once():
    verifier = Verifier.of("secret", SALT, 4)
    first, second = Exchange(verifier), Exchange(verifier)
    message = _proof("secret", first.first(b"n,,n=u,r=abc"))
    second.first(b"n,,n=u,r=abc")
    assert first.final(message).startswith(b"v=")
    with pytest.raises(ScramError):
        second.final(message)


def test_what_proves_nothing():
    exchange = Exchange(Verifier.of("secret", SALT, 4))
    with pytest.raises(ScramError):
        exchange.final(b"c=biws,r=abc,p=AAAA")
    challenge = exchange.first(b"n,,n=u,r=abc")
    with pytest.raises(ScramError):
        exchange.final(_proof("Secret", challenge))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=200))
def test_no_bytes_pass(first, final):
    exchange = Exchange(Verifier.of("secret", SALT, 4))
    with pytest.raises(ScramError):  # noqa: PT012
        exchange.first(first)
        exchange.final(final)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="cbiws=,rp:n&+/A", max_size=80), st.integers(0, 60))
def test_no_change_of_a_proof_passes(junk, at):
    exchange = Exchange(Verifier.of("secret", SALT, 4))
    good = _proof("secret", exchange.first(b"n,,n=u,r=abc")).decode()
    changed = good[:at] + junk + good[at + len(junk) :]
    if changed != good:
        with pytest.raises(ScramError):
            exchange.final(changed.encode())


def test_nobody_passes_and_looks_like_somebody():
    secret = b"s" * 32
    one, other = nobody("x", secret), nobody("y", secret)
    assert one.salt == nobody("x", secret).salt != other.salt
    assert len(one.salt) == len(Verifier.of("x").salt)
    exchange = Exchange(one)
    challenge = exchange.first(b"n,,n=u,r=abc")
    for password in ("", "x", "secret"):
        with pytest.raises(ScramError):
            exchange.final(_proof(password, challenge))


# In the format in which PostgreSQL keeps it, of the password in the example of RFC 7677.
VERIFIER = (
    "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
    ":wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
)


def test_a_verifier_as_postgresql_writes_it():
    assert Verifier.parse(VERIFIER) == Verifier.of("pencil", SALT)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "md5abc",
        VERIFIER[:-4],
        VERIFIER + "A",
        VERIFIER.replace("4096", "0"),
        VERIFIER.replace("4096", "-1"),
        VERIFIER.replace("4096", "9" * 5000),
        VERIFIER.replace("W22ZaJ0SNY7soEsUEjb6gQ==", "="),
        VERIFIER.replace("SHA-256", "SHA-1"),
    ],
)
def test_a_malformed_verifier(text):
    with pytest.raises(ValueError, match=r"SCRAM|padd|base64|digits|[Dd]ata"):
        Verifier.parse(text)


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("I\u00adX", "IX"),
        ("user", "user"),
        ("USER", "USER"),
        ("\u00aa", "a"),
        ("\u2168", "IX"),
        ("a\u00a0b", "a b"),
        # Forbidden: as it is, which is what PostgreSQL does.
        ("\u0007", "\u0007"),
        ("\u0627\u0031", "\u0627\u0031"),
        ("\u0627\u2168b", "\u0627\u2168b"),
        ("\u00ad", "\u00ad"),
        ("", ""),
        ("x\ud7ff\u0221\u2168", "x\ud7ff\u0221\u2168"),
        ("\u0627\u2168\u0628", "\u0627\u2168\u0628"),
        ("\u0627\ufdfa\u0628", "\u0627\u0635\u0644\u0649 \u0627\u0644\u0644\u0647 "
         "\u0639\u0644\u064a\u0647 \u0648\u0633\u0644\u0645\u0628"),
    ],
)  # fmt: skip
def test_passwords_are_prepared(password, expected):
    assert prepared(password) == expected
