"""What the tests of the shell look at."""

from __future__ import annotations

EVENTS = """
    CREATE TABLE events AS
    SELECT u AS user_id, (u * 7 + i * 3) % 20 AS item_id,
        TIMESTAMP '2025-01-01' + INTERVAL 1 HOUR * (u + i) AS ts
    FROM range(30) AS a(u), range(6) AS b(i)
"""
