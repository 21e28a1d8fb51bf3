"""Encrypted connections."""

from __future__ import annotations

import socket
import ssl
import subprocess

import pytest
from clients import needs, needs_program
from raw_client import SSL_REQUEST, Raw, error_of, held, query, settled, startup
from running_server import serving


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for this machine and its key."""
    needs_program("openssl", "openssl")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
         "-subj", "/CN=localhost", "-keyout", folder / "key", "-out", folder / "cert"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder / "cert", folder / "key"


@pytest.fixture(scope="module")
def encrypted(certificate, tmp_path_factory):
    """A server with TLS."""
    cert, key = certificate
    folder = tmp_path_factory.mktemp("encrypted")
    with serving(folder, "--tls-cert", str(cert), "--tls-key", str(key)) as running:
        yield running


def _secured(client: Raw) -> Raw:
    assert client.send(SSL_REQUEST).exactly(1) == b"S"
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    client.socket = context.wrap_socket(client.socket)
    return client


def test_encrypted_clients(encrypted):
    for _ in range(3):
        with _secured(Raw(encrypted)) as client:
            assert client.log_in().answer("SELECT 1") == [b"1"]
            client.send(SSL_REQUEST)
    with _secured(Raw(encrypted)) as client:
        client.send(query("FROM range(100000000)"))
    with Raw(encrypted) as plain:
        # From this machine alone both are fine.
        assert plain.log_in().answer("SELECT 1") == [b"1"]


def test_psycopg_encrypts(encrypted):
    psycopg = needs("psycopg", "psycopg[binary]")
    dsn = encrypted.dsn.replace("dbname=shop", "dbname=ecomsql")
    with psycopg.connect(f"{dsn} sslmode=require") as con:
        assert con.pgconn.ssl_in_use
        assert con.execute("SELECT 1").fetchone() == (1,)


def test_nothing_that_came_in_the_clear_passes_for_encrypted(encrypted):
    with Raw(encrypted) as client:
        client.send(SSL_REQUEST + startup())
        assert client.rest() in (b"", b"S")
    assert _works_encrypted(encrypted)


def test_garbage_instead_of_tls(encrypted):
    before = held(encrypted)
    for junk in (b"x" * 500, b"\x16\x03\x01\0\5\1\0\0\1\3", b"\0" * 10, startup(), b""):
        with Raw(encrypted) as client:
            client.send(SSL_REQUEST).exactly(1)
            client.send(junk)
            client.socket.shutdown(socket.SHUT_WR)
            assert not client.rest().startswith(b"R")
    assert _works_encrypted(encrypted)
    settled(encrypted, before)
    assert "Traceback" not in encrypted.log.read_text()


def _works_encrypted(server) -> bool:
    with _secured(Raw(server)) as good:
        return good.log_in().answer("SELECT 42") == [b"42"]


def test_beyond_this_machine_everybody_encrypts(certificate, tmp_path):
    cert, key = certificate
    options = ("--postgres", "0.0.0.0:0", "--tls-cert", str(cert), "--tls-key", str(key))
    with serving(tmp_path, *options) as open_to_all:
        with Raw(open_to_all) as plain:
            assert error_of(plain.send(startup()).rest())["M"] == (
                "this server takes encrypted connections only"
            )
        assert _works_encrypted(open_to_all)
