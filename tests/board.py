"""The table that most tests ask of."""

from __future__ import annotations

BOARD = """
CREATE TABLE board AS SELECT u AS user_id, i AS item_id
FROM range(6) AS _(u), range(6) AS __(i) WHERE u % 2 = i % 2 AND u <> i
"""
"""Even users took the even items, odd users the odd ones, each all but the one of their number."""
