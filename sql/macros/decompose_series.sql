-- Take series apart into a trend, a season, and what remains.
--
-- STL, the decomposition by local regressions: one row for each series and step from its first time to its last, ordered by
-- series and time, with `value` = `trend` + `seasonal` + `remainder`. Each series is brought to its own rhythm: the step
-- between most of its times, from seconds to years or whole numbers, or a day, week or month where times come irregularly.
-- Values at one step are averaged; a step without any has a trend and a season, but `value` and `remainder` are NULL. With
-- total := true values at one step are added up, and steps without any are 0. A series shorter than two seasons has a trend
-- alone, and `seasonal` is 0. The trend looks at both sides of a step: do not learn forecasts from it. Rows without a
-- series, time or value, and infinite values, take no part; of each series the last 20,000 steps do.
--
-- Arguments:
--   data: a table, view, CTE, or file name: a row for each series and time
--   season: steps a season; 1: none; default: what goes with the rhythm (hours 24, days 7, weeks 52, months 12, quarters 4)
--   frequency: hour, day, week, month, quarter or year: the rhythm of all series; default: each its own
--   total: whether values at one step are added up and steps without any are 0, as of sales, not averaged, as of prices
--   robust: whether values far from trend and season bend neither, and stand out in the remainder
--   season_window: odd number of seasons that each part of the season is learned from, 7 or more; more: it changes less
--   trend_window: odd number of steps that the trend is learned from; default: about 2 seasons, or 15 steps without one
--   series_col: column of series; NULL: all rows are one
--   time_col: column of times: dates, timestamps, text that can be read as such, or whole numbers
--   value_col: column of values
-- Returns: series_id, ts, value DOUBLE, trend DOUBLE, seasonal DOUBLE, remainder DOUBLE
-- Example:
--   FROM decompose_series('orders.parquet', frequency := 'day', value_col := 'quantity', total := true) LIMIT 8;
CREATE OR REPLACE MACRO decompose_series(
    data,
    season := NULL,
    frequency := NULL,
    total := false,
    robust := true,
    season_window := 7,
    trend_window := NULL,
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
        {
            'season': season,
            'total': total,
            'robust': robust,
            'season_window': season_window,
            'trend_window': trend_window
        }
    )
),
_told AS (
    SELECT _decompose_series(_grid, _call) AS _answers
    FROM _asked
)
SELECT
    _id AS series_id,
    cast_to_type([ecomsql.main._series_time(_rhythm, _last + _answer.step)], [_like])[1] AS ts,
    _answer.value AS value,
    _answer.trend AS trend,
    _answer.seasonal AS seasonal,
    _answer.remainder AS remainder
FROM (SELECT unnest(_answers) AS _answer FROM _told)
LEFT JOIN (SELECT _code, _id, _rhythm, _like, _places[-1] AS _last FROM _ecomsql_series) ON _code = _answer.series
ORDER BY _answer.series, _answer.step;
