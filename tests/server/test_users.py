"""Who may enter: the file of users, and what it must not be."""

from __future__ import annotations

import pytest

from ecomsql.server.scram import Verifier
from ecomsql.server.users import Users, UsersError, generated_password, read_users


@pytest.fixture
def written(tmp_path):
    """Write a file of users that is its owner's alone."""

    def write(content: str | bytes, mode: int = 0o600):
        path = tmp_path / "users"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(mode)
        return path

    return write


def _is(verifier: Verifier, password: str) -> bool:
    return Verifier.of(password, verifier.salt, verifier.iterations) == verifier


def test_lines(written):
    verifier = Verifier.of("other", b"salt", 10)
    stored = "SCRAM-SHA-256$10:c2FsdA==$" + ":".join(
        _base64(key) for key in (verifier.stored_key, verifier.server_key)
    )
    users = read_users(
        written(f"# who\n\nanna:se:cret \nben : x\r\ncleo:{stored}\nd\u00e4n:p\u2028w\n")
    )
    assert [name in users for name in ("anna", "ben", "cleo", "d\u00e4n", "who", "# who")] == [
        True, True, True, True, False, False,
    ]  # fmt: skip
    assert _is(users.verifier("anna"), "se:cret ")
    assert _is(users.verifier("ben"), " x")
    assert _is(users.verifier("d\u00e4n"), "p\u2028w")
    assert users.verifier("cleo") == verifier


def _base64(data: bytes) -> str:
    import base64

    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("", "there is no user in"),
        ("# nobody\n", "there is no user in"),
        ("anna\n", "line 1: a line is name:password"),
        ("anna:x\n:x\n", "line 2: a line is name:password"),
        ("anna:\n", "line 1: a line is name:password"),
        ("anna:x\nanna:y\n", "line 2: the user 'anna' is there already"),
        ("anna:SCRAM-SHA-256$4096:x\n", "line 1: the verifier of 'anna' is malformed"),
        (b"anna:\xff\n", "cannot read the users"),
    ],
)
def test_wrong_files(written, content, error):
    with pytest.raises(UsersError, match=error) as told:
        read_users(written(content))
    assert "x\n" not in str(told.value)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o601])
def test_a_file_that_others_can_read(written, mode):
    with pytest.raises(UsersError, match=r"others can read the passwords .* chmod 600"):
        read_users(written("anna:x\n", mode))


def test_no_file(tmp_path):
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(UsersError, match="cannot read the users"):
            read_users(path)


def test_somebody_unknown_looks_like_the_known(written):
    stored = "SCRAM-SHA-256$777:" + "c2FsdHNhbHQxMjM0NTY3OA==" + "$" + f"{'A' * 43}=:{'A' * 43}="
    users = read_users(written(f"anna:{stored}\n"))
    assert "zoe" not in users
    assert users.verifier("zoe").iterations == 777
    assert users.verifier("zoe").salt == users.verifier("zoe").salt
    assert Users({}).verifier("zoe").iterations == 4096


def test_passwords_that_are_made_up():
    assert len({generated_password() for _ in range(20)}) == 20
    assert all(len(generated_password()) >= 24 for _ in range(5))
