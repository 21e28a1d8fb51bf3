-- Forecasts of the series in a relation, with the times that they are for.
--
-- Arguments:
--   data: any relation
--   series_col: column of series; NULL: all rows are one
--   time_col: column of times
--   value_col: column of values
--   total: whether values at one step are added up, and steps without any are 0; else the mean, and steps between
--   frequency: hour, day, week, month, quarter or year: the step of all series; NULL: each its own
--   future: name of a relation of the steps ahead, as text
--   covariates: names of columns, a list
--   model: name of a table of models, as text
--   options: everything else that the function was given, as a struct
-- Returns: the columns of forecast_price
CREATE OR REPLACE MACRO _forecast(
    data, series_col, time_col, value_col, total, frequency, future, covariates, model, options
) AS TABLE
WITH
_ecomsql_found AS MATERIALIZED (
    FROM ecomsql.main._series(data, series_col, time_col, value_col, total, frequency)
),
_ecomsql_series AS MATERIALIZED (FROM ecomsql.main._series_ended(_ecomsql_found, total)),
_ecomsql_model AS MATERIALIZED (FROM ecomsql.main._model_row(model)),
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
_told AS (
    SELECT
        _forecast_series(
            _grid, _beside, (SELECT _blob FROM _ecomsql_model), (SELECT _rows FROM _ecomsql_model), _call
        ) AS _answers
    FROM _asked CROSS JOIN _beside
)
SELECT
    _id AS series_id,
    cast_to_type([ecomsql.main._series_time(_rhythm, _last + _answer.step)], [_like])[1] AS ts,
    _answer.forecast AS forecast,
    _answer.lower AS lower,
    _answer.upper AS upper,
    _answer.method AS method,
    _answer.status AS status
FROM (SELECT unnest(_answers) AS _answer FROM _told)
-- Left, so that errors of a column that is not there are raised, where it is known that no series is.
LEFT JOIN (SELECT _code, _id, _rhythm, _like, _places[-1] AS _last FROM _ecomsql_series) ON _code = _answer.series
ORDER BY _answer.series, _answer.step;
