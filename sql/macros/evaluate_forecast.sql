-- Measure forecasts once it is known what came.
--
-- Rows of the two relations belong together by series and time. With a the value and f the forecast: mae: mean of |a - f|.
-- rmse: root of the mean of (a - f)^2. mape: mean of |a - f| / |a|, as a fraction, where a is not 0. smape: mean of
-- 200 * |a - f| / (|a| + |f|), in percent, where 0 / 0 counts as 0. wape: sum of |a - f| / sum of |a|. bias: mean of f - a.
-- mase: mean over series of mae in parts of the mean absolute difference of values `season` steps apart before the first
-- forecast, if `actual` has the history too; NULL otherwise. coverage: share of a within lower and upper; width: mean of
-- upper - lower; both NULL without these columns. rows: how many were measured; series: of how many; missing: forecasts
-- without a value. Rows without a time, or a forecast or value that is no finite number, take no part. What nothing is
-- there to compute from is NULL.
--
-- Arguments:
--   data: forecasts, as forecast_price returns them: a table, view, CTE, or file name
--   actual: name of a relation, in quotes, of what came: a row for each series and time; several of one time are averaged,
--     or added up with total := true
--   total: whether values at one time are added up, and times up to the latest of actual without any are 0, as of sales
--   season: steps a season, for mase; 1: none
--   series_col: column of series in actual; NULL: all rows are one
--   time_col: column of times in actual
--   value_col: column of values in actual
-- Returns: metric VARCHAR, value DOUBLE
-- Example:
--   WITH known AS (FROM 'prices.parquet' WHERE ts < '2025-02-01'),
--   told AS (FROM forecast_price(known, horizon := 14, method := 'theta'))
--   FROM evaluate_forecast(told, 'prices.parquet', season := 7);
CREATE OR REPLACE MACRO evaluate_forecast(
    data,
    actual,
    total := false,
    season := 1,
    series_col := 'item_id',
    time_col := 'ts',
    value_col := 'price'
) AS TABLE
WITH
-- What the user names is read first, so that no name further down can stand in for it.
_ecomsql_columns AS (FROM ecomsql.main._columns(data)),
_ecomsql_actual_columns AS (FROM ecomsql.main._columns(actual)),
_ecomsql_told AS (
    SELECT
        coalesce(*COLUMNS(lambda _c: lower(_c) = 'series_id' OR _c = '_ecomsql_none')) AS _series,
        coalesce(*COLUMNS(lambda _c: lower(_c) = 'ts' OR _c = '_ecomsql_none')) AS _at,
        coalesce(*COLUMNS(lambda _c: lower(_c) = 'forecast' OR _c = '_ecomsql_none')) AS _given,
        coalesce(*COLUMNS(lambda _c: lower(_c) = 'lower' OR _c = '_ecomsql_none')) AS _low,
        coalesce(*COLUMNS(lambda _c: lower(_c) = 'upper' OR _c = '_ecomsql_none')) AS _high
    FROM (SELECT *, NULL AS _ecomsql_none FROM query_table(data))
),
_ecomsql_came AS (
    SELECT
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(series_col::VARCHAR) OR _c = '_ecomsql_none')) AS _series,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(time_col::VARCHAR) OR _c = '_ecomsql_none')) AS _at,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(value_col::VARCHAR) OR _c = '_ecomsql_none')) AS _given
    FROM (SELECT *, NULL AS _ecomsql_none FROM query_table(actual))
),
_checked_call AS MATERIALIZED (
    SELECT _checked(to_json({
        'function': 'evaluate_forecast',
        'columns': _ecomsql_columns._names,
        'actual': actual,
        'actual_columns': _ecomsql_actual_columns._names,
        'roles': {'series_col': series_col, 'time_col': time_col, 'value_col': value_col},
        'season': season,
        'total': total
    })) AS _options
    FROM _ecomsql_columns CROSS JOIN _ecomsql_actual_columns
),
-- Ids and times as text, so that a date meets the timestamp of its midnight and an integer its text.
_forecasts AS MATERIALIZED (
    SELECT
        _series::VARCHAR AS _series,
        coalesce(TRY_CAST(_at AS TIMESTAMP)::VARCHAR, _at::VARCHAR) AS _at,
        any_value(coalesce(epoch(TRY_CAST(_at AS TIMESTAMP)), TRY_CAST(_at AS DOUBLE))) AS _when,
        any_value(TRY_CAST(_given AS DOUBLE)) AS _f,
        any_value(TRY_CAST(_low AS DOUBLE)) AS _low,
        any_value(TRY_CAST(_high AS DOUBLE)) AS _high
    FROM _ecomsql_told
    WHERE _at IS NOT NULL AND isfinite(TRY_CAST(_given AS DOUBLE))
    GROUP BY ALL
),
_values AS MATERIALIZED (
    SELECT
        _series::VARCHAR AS _series,
        coalesce(TRY_CAST(_at AS TIMESTAMP)::VARCHAR, _at::VARCHAR) AS _at,
        any_value(coalesce(epoch(TRY_CAST(_at AS TIMESTAMP)), TRY_CAST(_at AS DOUBLE))) AS _time,
        CASE lower(total::VARCHAR) WHEN 'true' THEN sum(TRY_CAST(_given AS DOUBLE)) ELSE avg(TRY_CAST(_given AS DOUBLE)) END AS _a
    FROM _ecomsql_came
    WHERE _at IS NOT NULL AND isfinite(TRY_CAST(_given AS DOUBLE))
    GROUP BY ALL
),
_pairs AS MATERIALIZED (
    SELECT _series, coalesce(_time, _when) AS _time, coalesce(_given_a, 0) AS _a, _f, _f - _a AS _e, _low, _high
    FROM (
        SELECT _forecasts.*, _time, _a AS _given_a
        FROM _forecasts
        LEFT JOIN _values ON _forecasts._series IS NOT DISTINCT FROM _values._series AND _forecasts._at = _values._at
    )
    CROSS JOIN (SELECT max(_time) AS _latest FROM _values)
    WHERE _given_a IS NOT NULL OR (lower(total::VARCHAR) = 'true' AND _when <= _latest)
),
_firsts AS (SELECT _series, min(_time) AS _first, avg(abs(_e)) AS _mae FROM _pairs GROUP BY _series),
_steps AS (
    SELECT
        _values._series,
        abs(_a - lag(_a, (_options ->> 'season')::INTEGER) OVER (PARTITION BY _values._series ORDER BY _time)) AS _step
    FROM _values
    JOIN _firsts ON _values._series IS NOT DISTINCT FROM _firsts._series
    CROSS JOIN _checked_call
    WHERE _time < _first
),
_scaled AS (
    SELECT avg(_mae / nullif(_scale, 0)) AS _mase
    FROM _firsts
    JOIN (SELECT _series, avg(_step) AS _scale FROM _steps GROUP BY _series) AS _scales
        ON _firsts._series IS NOT DISTINCT FROM _scales._series
),
_measured AS (
    SELECT
        avg(abs(_e)) AS _mae,
        sqrt(avg(_e * _e)) AS _rmse,
        avg(abs(_e) / abs(_a)) FILTER (_a <> 0) AS _mape,
        avg(CASE WHEN _e = 0 THEN 0 ELSE 200 * abs(_e) / (abs(_a) + abs(_f)) END) AS _smape,
        sum(abs(_e)) / nullif(sum(abs(_a)), 0) AS _wape,
        avg(_e) AS _bias,
        avg((_a BETWEEN _low AND _high)::INTEGER) AS _coverage,
        avg(_high - _low) AS _width,
        count(*) AS _n,
        count(DISTINCT coalesce(_series, '')) AS _n_series
    FROM _pairs
)
SELECT
    unnest([
        {'metric': 'mae', 'value': _mae},
        {'metric': 'rmse', 'value': _rmse},
        {'metric': 'mape', 'value': _mape},
        {'metric': 'smape', 'value': _smape::DOUBLE},
        {'metric': 'wape', 'value': _wape},
        {'metric': 'mase', 'value': _mase},
        {'metric': 'bias', 'value': _bias},
        {'metric': 'coverage', 'value': _coverage::DOUBLE},
        {'metric': 'width', 'value': _width},
        {'metric': 'rows', 'value': _n::DOUBLE},
        {'metric': 'series', 'value': _n_series::DOUBLE},
        {'metric': 'missing', 'value': ((SELECT count(*) FROM _forecasts) - _n)::DOUBLE}
    ], recursive := true)
FROM _measured CROSS JOIN _scaled CROSS JOIN _checked_call
WHERE _options IS NOT NULL;
