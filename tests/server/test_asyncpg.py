"""asyncpg against the server: it takes every value in binary."""

from __future__ import annotations

import asyncio
import datetime
import io
from decimal import Decimal

import pytest
from clients import needs
from running_server import PASSWORD, USER

asyncpg = needs("asyncpg", "asyncpg")


def run(server, ask):
    async def session():
        con = await asyncpg.connect(
            host=server.host, port=server.port, user=USER, password=PASSWORD, database="shop"
        )
        try:
            return await ask(con)
        finally:
            await con.close()

    return asyncio.run(session())


def test_values_of_every_type(server):
    async def ask(con):
        return tuple(
            await con.fetchrow(
                "SELECT 1, 'x', 2.50::DECIMAL(10,2), true, NULL, [1, NULL], ['a'], {'a': 1},"
                " 1.5::FLOAT, DATE '2026-01-01', TIMESTAMP '2026-01-01 00:00:00.5',"
                " INTERVAL '26 hours', '\\x01'::BLOB, [TIMESTAMP '2026-01-01'], TIME '01:02:03',"
                " (2::HUGEINT ** 100)::HUGEINT"
            )
        )

    day = datetime.datetime(2026, 1, 1)
    found = run(server, ask)
    assert found == (
        *(1, "x", Decimal("2.50"), True, None, [1, None], ["a"], '{"a":1}', 1.5, day.date()),
        day + datetime.timedelta(seconds=0.5),
        datetime.timedelta(hours=26),
        b"\x01",
        [day],
        datetime.time(1, 2, 3),
        Decimal(2**100),
    )


def test_parameters_have_the_types_of_what_they_meet(server):
    async def ask(con):
        statement = await con.prepare(
            "SELECT count(*) FROM many"
            " WHERE id < $1 AND ts < $2 AND amount > $3 AND name LIKE $4 LIMIT $5"
        )
        kinds = [one.name for one in statement.get_parameters()]
        day = datetime.datetime(2026, 6, 1)
        return kinds, await statement.fetchval(1000, day, Decimal("2.5"), "item%", 1)

    kinds, count = run(server, ask)
    assert kinds == ["int4", "timestamp", "numeric", "text", "int8"]
    assert count == sum(number % 7 > 2.5 for number in range(1000))


def test_arguments_of_functions_have_the_types_of_their_defaults(server):
    async def ask(con):
        return await con.fetch("FROM recommend(events, model := $1, k := $2)", "m", 1)

    assert {row["rank"] for row in run(server, ask)} == {1}


def test_transactions_cursors_and_many_at_once(server):
    async def ask(con):
        async with con.transaction():
            rows = [row["id"] async for row in con.cursor("SELECT id FROM many", prefetch=1000)]
        await con.execute("CREATE TABLE async (a INTEGER, b VARCHAR)")
        await con.executemany("INSERT INTO async VALUES ($1, $2)", [(n, str(n)) for n in range(20)])
        change = con.transaction()
        await change.start()
        await con.execute("DELETE FROM async")
        with pytest.raises(asyncpg.UndefinedColumnError):
            await con.fetch("SELECT nope FROM async")
        await change.rollback()
        count = await con.fetchval("SELECT count(*) FROM async")
        inserted = await con.fetch("INSERT INTO async VALUES ($1, $2) RETURNING a, b", 77, "z")
        await con.execute("DROP TABLE async")
        return len(rows), count, [tuple(row) for row in inserted]

    assert run(server, ask) == (100_000, 20, [(77, "z")])


def test_a_query_takes_too_long(server):
    async def ask(con):
        with pytest.raises(TimeoutError):
            await con.fetch("SELECT count(*) FROM range(10000000000) a, range(1000) b", timeout=0.5)
        return await con.fetchval("SELECT 1")

    assert run(server, ask) == 1


def test_copy_and_a_pool(server):
    async def ask(con):
        into = io.BytesIO()
        await con.copy_from_query(
            "SELECT id FROM many WHERE id < 2", output=into, format="csv", header=True
        )
        pool = await asyncpg.create_pool(
            host=server.host,
            port=server.port,
            user=USER,
            password=PASSWORD,
            database="shop",
            min_size=1,
            max_size=4,
        )
        async with pool:
            found = await asyncio.gather(
                *[pool.fetchval("SELECT $1::INTEGER", n) for n in range(12)]
            )
        return into.getvalue(), found

    assert run(server, ask) == (b"id\n0\n1\n", list(range(12)))
