"""Where a server listens, and whether that is this machine alone."""

from __future__ import annotations

import pytest

from ecomsql.errors import OptionError
from ecomsql.server.addresses import Address, parse_address
from ecomsql.server.serving import Plan
from ecomsql.server.users import Users


@pytest.mark.parametrize(
    ("text", "address", "is_loopback"),
    [
        ("5432", "127.0.0.1:5432", True),
        (":5432", "127.0.0.1:5432", True),
        ("0", "127.0.0.1:0", True),
        ("localhost:1", "localhost:1", True),
        ("127.9.9.9:1", "127.9.9.9:1", True),
        ("[::1]:1", "[::1]:1", True),
        (" shop.example:65535 ", "shop.example:65535", False),
        ("0.0.0.0:1", "0.0.0.0:1", False),
        ("[::]:1", "[::]:1", False),
        ("*:1", "*:1", False),
        ("192.168.1.2:1", "192.168.1.2:1", False),
        ("localhost.evil.example:1", "localhost.evil.example:1", False),
        ("127.0.0.1.evil.example:1", "127.0.0.1.evil.example:1", False),
        ("127.1:1", "127.1:1", False),
    ],
)
def test_addresses(text, address, is_loopback):
    found = parse_address(text)
    assert str(found) == address
    assert found.is_loopback == is_loopback


@pytest.mark.parametrize(
    "text",
    ["", "x", "host", "host:", "host:x", "1:2:3", "::1:5432", "h:65536", "h:-1", "a b:1", "[x]:1"],
)
def test_no_addresses(text):
    with pytest.raises(OptionError, match="is no address; write HOST:PORT"):
        parse_address(text)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "shop.example"])
def test_nobody_listens_beyond_this_machine_by_mistake(host, tmp_path):
    address = Address(host, 5432)
    with pytest.raises(OptionError, match="cross the network in the clear: give --tls-cert"):
        Plan(Users({}), postgres=address).check()
    with pytest.raises(OptionError, match="behind a proxy that speaks TLS"):
        Plan(Users({}), quack=address, tls=(tmp_path, tmp_path)).check()
    Plan(Users({}), postgres=address, allow_plaintext=True).check()
    Plan(Users({}), postgres=address, tls=(tmp_path, tmp_path)).check()
    Plan(Users({}), postgres=Address("127.0.0.1", 1), quack=Address("localhost", 1)).check()
