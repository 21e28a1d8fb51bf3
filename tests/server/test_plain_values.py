"""What Python writes for short answers is what DuckDB and Arrow write for long ones."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from ecomsql.server.postgres.answers import Result
from ecomsql.server.postgres.direct import Direct
from ecomsql.server.postgres.plain_values import is_plain

POWERS = 10.0 ** np.arange(-320, 309)
DOUBLES = np.concatenate(
    [
        np.random.default_rng(0).integers(0, 2**64, 20_000, dtype=np.uint64).view(np.float64),
        np.round(np.random.default_rng(1).normal(0, 1e4, 5_000), 2),
        np.arange(-50.0, 50.0),
        POWERS,
        -POWERS,
        [np.inf, -np.inf, np.nan, 0.0, -0.0, 5e-324, 2.0**53, 1e15, 1e16, 123456789012345680.0],
    ]
)

QUERIES = [
    "FROM doubles",
    "SELECT true, false, NULL::BOOLEAN",
    "SELECT (-128)::TINYINT, 255::UTINYINT, (-32768)::SMALLINT, 65535::USMALLINT, NULL::INTEGER",
    "SELECT (-2147483648)::INTEGER, 4294967295::UINTEGER, (-9223372036854775807 - 1)::BIGINT",
    "SELECT 18446744073709551615::UBIGINT, 340282366920938463463374607431768211455::UHUGEINT",
    "SELECT (-170141183460469231731687303715884105727)::HUGEINT, 0::HUGEINT",
    "SELECT x::DECIMAL(18,10), x::DECIMAL(38,0), (x / 1e3)::DECIMAL(9,4) FROM range(-9, 9) r (x)",
    "SELECT 0::DECIMAL(38,37), 1e-9::DECIMAL(38,10), repeat('9', 38)::DECIMAL(38,0)",
    "SELECT 'ä €', 'a' || chr(10) || 'b''\"\\', '', NULL::VARCHAR, repeat('x', 100000), '{}'",
    "SELECT '\\x00\\xFFab'::BLOB, ''::BLOB, '123e4567-e89b-12d3-a456-426614174000'::UUID",
    "SELECT 'b'::ENUM('a', 'b')",
    "SELECT x, x::VARCHAR FROM range(3000) r (x)",
    "SELECT x FROM range(3) r (x) WHERE x > 5",
]


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as con:
        con.register("doubles", pa.table({"double": DOUBLES}))
        yield con


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("form", [0, 1], ids=["text", "binary"])
def test_both_ways_say_the_same(con, query, form):
    bound = Result("SELECT", con.sql(query))
    expected = _all(bound, form)
    direct = Direct("SELECT", con.execute(query))
    assert all(map(is_plain, direct.kinds))
    assert direct.columns == bound.columns
    assert _all(direct, form) == expected


def _all(answer, form):
    answer.open([form] * len(answer.columns))
    data, more = b"", True
    while more:
        parts, _, more = answer.take(None)
        data += b"".join(parts)
    answer.close()
    return data


@pytest.mark.parametrize(
    "value",
    [
        "1.5::FLOAT",
        "DATE 'infinity'",
        "now()",
        "TIME '01:02:03'",
        "INTERVAL 1 DAY",
        "[1]",
        "{'a': 1}",
        "'101'::BIT",
    ],
)
def test_what_python_does_not_tell_whole_is_not_plain(con, value):
    assert not is_plain(con.sql(f"SELECT {value}").types[0])
