"""Queries to draw, and the texts of pictures."""

from __future__ import annotations

from xml.etree import ElementTree

FORECAST = """
    SELECT s AS series_id, DATE '2025-03-01' + CAST(i AS INT) AS ts, 10 + i + s AS forecast,
        forecast - 2 AS lower, forecast + 2 AS upper, 'theta' AS method
    FROM range({series}) t(s), range(8) u(i) ORDER BY ALL
"""
HISTORY = """
    SELECT s AS item_id, DATE '2025-02-28' - CAST(i AS INT) AS ts, 10.0 + s AS price
    FROM range({series}) t(s), range(100) u(i)
"""
ANOMALIES = """
    SELECT 'a' AS series_id, TIMESTAMP '2025-01-01' + to_hours(i) AS ts, i % 5 + 0.5 AS value,
        2.0 AS expected, -1.0 AS lower, 4.0 AS upper, 1.0 AS score, i % 5 = 4 AS is_anomaly
    FROM range(20) t(i)
"""
DECOMPOSITION = """
    SELECT NULL AS series_id, DATE '2025-01-01' + CAST(i AS INT) AS ts, 1.0 + i AS value,
        i * 1.0 AS trend, 0.5 AS seasonal, 0.5 AS remainder
    FROM range(20) t(i)
"""


def texts_in(svg):
    root = ElementTree.fromstring(svg)
    return [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
