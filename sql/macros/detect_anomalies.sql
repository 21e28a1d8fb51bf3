-- Find the values of series that are far from what was to be expected.
--
-- One row for each series and step from its first time to its last, ordered by series and time. `expected` is the trend and
-- season that the other values of the series have there; `score` is the distance from it in robust standard deviations;
-- `lower` and `upper` are the bounds between which `level` of all usual values lie, and `is_anomaly` says what does not.
-- Bounds are wider where more is expected, and reach farther up than down, where the errors of the series do. A series that
-- mostly stays the same from one step to the next, as prices do, may change its level for good or for a while: there,
-- `expected` may also be the level before or after, whichever is nearest, and a standard deviation is 0.5 % of the level or
-- more. Each series is brought to its own rhythm, as by decompose_series. Values at one step are averaged, and a step
-- without any has no score. With total := true values at one step are added up, steps without any are 0, and whole numbers
-- are taken as counts, which vary at least as those of chance do. The default method looks back at what is over: it knows
-- what came after. The others are forecasts one step ahead, which know only what came before (their parameters are learned
-- from all); `expected` is NULL where nothing could be forecast. Series of fewer than 12 values have no anomalies. Rows
-- without a series, time or value, and infinite values, take no part; of each series the last 20,000 steps do.
--
-- Arguments:
--   data: a table, view, CTE, or file name: a row for each series and time
--   method: stl, from both sides; or one step ahead: naive, seasonal_naive, drift, theta, ets, croston, tsb
--   level: share of usual values that lies within the bounds: 0.999 is 3.3 standard deviations, 0.99 2.6
--   season: steps a season; 1: none; default: what goes with the rhythm (hours 24, days 7, weeks 52, months 12, quarters 4)
--   frequency: hour, day, week, month, quarter or year: the rhythm of all series; default: each its own
--   total: whether values at one step are added up and steps without any are 0, as of sales, not averaged, as of prices
--   seed: same data, options and seed give the same answer
--   series_col: column of series; NULL: all rows are one
--   time_col: column of times: dates, timestamps, text that can be read as such, or whole numbers
--   value_col: column of values
-- Returns: series_id, ts, value DOUBLE, expected DOUBLE, lower DOUBLE, upper DOUBLE, score DOUBLE, is_anomaly BOOLEAN
-- Example:
--   FROM detect_anomalies('orders.parquet', frequency := 'day', value_col := 'quantity', total := true)
--   ORDER BY score DESC LIMIT 8;
CREATE OR REPLACE MACRO detect_anomalies(
    data,
    method := 'stl',
    level := 0.999,
    season := NULL,
    frequency := NULL,
    total := false,
    seed := 42,
    series_col := 'item_id',
    time_col := 'ts',
    value_col := 'price'
) AS TABLE
WITH
_ecomsql_series AS MATERIALIZED (
    FROM ecomsql.main._series(data, series_col, time_col, value_col, total, frequency)
),
_asked AS (
    FROM ecomsql.main._series_call(
        _ecomsql_series, total, frequency,
        {'series_col': series_col, 'time_col': time_col, 'value_col': value_col},
        {'season': season, 'total': total, 'method': method, 'level': level, 'seed': seed}
    )
),
_told AS (
    SELECT _detect_anomalies(_grid, _call) AS _answers
    FROM _asked
)
SELECT
    _id AS series_id,
    cast_to_type([ecomsql.main._series_time(_rhythm, _last + _answer.step)], [_like])[1] AS ts,
    _answer.value AS value,
    _answer.expected AS expected,
    _answer.lower AS lower,
    _answer.upper AS upper,
    _answer.score AS score,
    _answer.is_anomaly AS is_anomaly
FROM (SELECT unnest(_answers) AS _answer FROM _told)
LEFT JOIN (SELECT _code, _id, _rhythm, _like, _places[-1] AS _last FROM _ecomsql_series) ON _code = _answer.series
ORDER BY _answer.series, _answer.step;
