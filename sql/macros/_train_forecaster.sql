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
_ecomsql_series AS MATERIALIZED (
    FROM ecomsql.main._series(data, series_col, time_col, value_col, total, frequency)
),
_ecomsql_future_columns AS (FROM ecomsql.main._columns(future)),
_beside AS (
    FROM ecomsql.main._series_beside(
        _ecomsql_series, data, future, series_col, time_col, covariates
    )
),
_trained AS (
    SELECT
        _store_forecaster(
            list(_code) FILTER (_code IS NOT NULL),
            list(_ecomsql_series._places) FILTER (_code IS NOT NULL),
            list(_ecomsql_series._values) FILTER (_code IS NOT NULL),
            list(_season) FILTER (_code IS NOT NULL),
            any_value(_beside),
            to_json({
                'options': options,
                'total': total,
                'frequency': frequency,
                'columns': any_value(_ecomsql_series._columns),
                'bad_times': any_value(_bad_times),
                'bad_values': any_value(_bad_values),
                'roles': {'series_col': series_col, 'time_col': time_col, 'value_col': value_col},
                'future': future,
                'future_columns': (SELECT _names FROM _ecomsql_future_columns)
            })
        ) AS _row
    FROM _ecomsql_series CROSS JOIN _beside
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
