-- Measure how near predictions of a number come to what happened.
--
-- Rows without an actual or a predicted value take no part. With a the actual value and f the predicted one:
-- mse, rmse: mean of (a - f)^2, and its root. mae: mean of |a - f|. mape: mean of |a - f| / |a|, as a fraction, over the
-- rows where a is not 0. smape: mean of 200 * |a - f| / (|a| + |f|), in percent, where 0 / 0 counts as 0.
-- r2: 1 - sum of (a - f)^2 / sum of (a - mean of a)^2; if all a are equal 1 when every f is right and else 0; it needs two
-- rows. median_absolute_error: median of |a - f|. bias: mean of f - a, above 0 when predictions are too high.
-- wape: sum of |a - f| / sum of |a|, as a fraction. rows: how many were measured. What nothing is there to compute from
-- is NULL: all but rows for empty data, mape and wape where every a is 0, r2 of a single row.
--
-- Arguments:
--   data: actual and predicted values, one pair a row: a table, view, CTE, or file name
--   actual_col: column of what happened
--   predicted_col: column of what was predicted
-- Returns: metric VARCHAR, value DOUBLE
-- Example:
--   WITH last_week AS (
--       SELECT quantity AS actual, lag(quantity, 7) OVER (PARTITION BY item_id ORDER BY ts) AS predicted
--       FROM 'prices.parquet'
--   )
--   FROM evaluate_regression(last_week);
CREATE OR REPLACE MACRO evaluate_regression(data, actual_col := 'actual', predicted_col := 'predicted') AS TABLE
WITH
-- What the user names is read first, so that no name further down can stand in for it.
_ecomsql_columns AS (FROM ecomsql.main._columns(data)),
_ecomsql_picked AS (
    SELECT
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(actual_col::VARCHAR) OR _c = '_ecomsql_none')) AS _actual,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(predicted_col::VARCHAR) OR _c = '_ecomsql_none')) AS _predicted
    FROM (SELECT *, NULL AS _ecomsql_none FROM query_table(data))
),
_checked_call AS MATERIALIZED (
    SELECT _checked(to_json({
        'function': 'evaluate_regression',
        'columns': _names,
        'roles': {'actual_col': actual_col, 'predicted_col': predicted_col}
    })) AS _options
    FROM _ecomsql_columns
),
_pairs AS MATERIALIZED (
    SELECT TRY_CAST(_actual AS DOUBLE) AS _a, TRY_CAST(_predicted AS DOUBLE) AS _f
    FROM _ecomsql_picked
    WHERE _actual IS NOT NULL AND _predicted IS NOT NULL
),
_facts AS (
    SELECT
        count(*) AS _n,
        avg(_a) AS _mean,
        min(_a) = max(_a) AS _is_constant,
        count_if(_a IS NULL OR NOT isfinite(_a)) AS _bad_actual,
        count_if(_f IS NULL OR NOT isfinite(_f)) AS _bad_predicted
    FROM _pairs
),
-- Both rows of checks in one, so that neither can be left out of the plan.
_sound AS MATERIALIZED (
    SELECT
        _n,
        _mean,
        _is_constant,
        CASE
            WHEN _options IS NULL THEN false
            WHEN _bad_actual > 0
                THEN error(format(
                    'evaluate_regression: actual_col ''{}'' holds values that are not finite numbers ({} of {} rows)',
                    actual_col, _bad_actual, _n
                ))
            WHEN _bad_predicted > 0
                THEN error(format(
                    'evaluate_regression: predicted_col ''{}'' holds values that are not finite numbers ({} of {} rows)',
                    predicted_col, _bad_predicted, _n
                ))
            ELSE true
        END AS _is_sound
    FROM _facts CROSS JOIN _checked_call
),
_errors AS (
    SELECT _a, _f, _f - _a AS _e, (_a - _mean) * (_a - _mean) AS _spread, _n, _is_constant
    FROM _pairs CROSS JOIN _sound
    WHERE _is_sound
),
_measured AS (
    SELECT
        avg(_e * _e) AS _mse,
        avg(abs(_e)) AS _mae,
        avg(abs(_e) / abs(_a)) FILTER (_a <> 0) AS _mape,
        avg(CASE WHEN _e = 0 THEN 0 ELSE 200 * abs(_e) / (abs(_a) + abs(_f)) END) AS _smape,
        CASE
            WHEN count(*) < 2 THEN NULL
            WHEN any_value(_is_constant) THEN (max(abs(_e)) = 0)::INTEGER
            ELSE 1 - sum(_e * _e) / sum(_spread)
        END AS _r2,
        median(abs(_e)) AS _median,
        avg(_e) AS _bias,
        sum(abs(_e)) / nullif(sum(abs(_a)), 0) AS _wape
    FROM _errors
)
SELECT
    unnest([
        {'metric': 'mse', 'value': _mse::DOUBLE},
        {'metric': 'rmse', 'value': sqrt(_mse)},
        {'metric': 'mae', 'value': _mae},
        {'metric': 'mape', 'value': _mape},
        {'metric': 'smape', 'value': _smape},
        {'metric': 'r2', 'value': _r2},
        {'metric': 'median_absolute_error', 'value': _median},
        {'metric': 'bias', 'value': _bias},
        {'metric': 'wape', 'value': _wape},
        {'metric': 'rows', 'value': _n::DOUBLE}
    ], recursive := true)
FROM _measured CROSS JOIN _sound
WHERE _is_sound;
