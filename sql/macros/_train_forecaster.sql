-- Trains a forecaster of the series in a relation, and returns its row.
--
-- Arguments:
--   data: any relation
--   series_col: column of series; NULL: all rows are one
--   time_col: column of times
--   value_col: column of values
--   total: whether values at one step are added up, and steps without any are 0; else the mean, and steps between
--   frequency: hour, day, week, month, quarter or year: the step of all series; NULL: each its own
--   future: name of an empty relation, as text
--   covariates: names of columns, a list
--   options: everything else that the function was given, as a struct
-- Returns: the columns of a model row
CREATE OR REPLACE MACRO _train_forecaster(
    data, series_col, time_col, value_col, total, frequency, future, covariates, options
) AS TABLE
WITH
_ecomsql_found AS MATERIALIZED (
    FROM ecomsql.main._series(data, series_col, time_col, value_col, total, frequency)
),
_ecomsql_series AS MATERIALIZED (FROM ecomsql.main._series_ended(_ecomsql_found, total)),
_beside AS (
    FROM ecomsql.main._series_beside(
        _ecomsql_series, data, future, series_col, time_col, covariates
    )
),
_asked AS (
    FROM ecomsql.main._series_call(
        _ecomsql_series, total, frequency,
        {'series_col': series_col, 'time_col': time_col, 'value_col': value_col},
        options
    )
),
_trained AS (
    SELECT _store_forecaster(_grid, _beside, _call) AS _row
    FROM _asked CROSS JOIN _beside
)
SELECT
    _row.model AS model,
    _row.task AS task,
    _row.method AS method,
    now() AS trained_at,
    _row.rows AS rows,
    _row.options::JSON AS options,
    _row.metrics::JSON AS metrics,
    _row.version AS version
FROM _trained;
