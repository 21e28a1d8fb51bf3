-- Numbers beside the steps of series: promotions, prices, holidays; one row a number.
--
-- Arguments:
--   data: any relation with the columns of series, times and covariates
--   series_col: column of series; NULL: all rows are one
--   time_col: column of times
--   covariates: names of columns, a list, or one by itself; empty: no rows
-- Returns: _series, _time DOUBLE (seconds, or a whole number), _column INTEGER (place among the covariates that the
--   relation has, in its own order, from 1), _value DOUBLE
CREATE OR REPLACE MACRO _beside(data, series_col, time_col, covariates) AS TABLE
WITH
_ecomsql_texts AS (
    SELECT
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(series_col::VARCHAR) OR _c = '_ecomsql_none')) AS _ecomsql_series,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(time_col::VARCHAR) OR _c = '_ecomsql_none')) AS _ecomsql_at,
        COLUMNS(
            lambda _c: list_contains(ecomsql.main._listed(covariates), lower(_c))
            OR _c = '_ecomsql_empty'
        )::VARCHAR
    FROM (SELECT *, NULL AS _ecomsql_none, NULL AS _ecomsql_empty FROM query_table(data))
    WHERE len(to_json(covariates)::VARCHAR) > 2
),
_lists AS (
    SELECT
        _ecomsql_series AS _series,
        _ecomsql_at AS _at,
        list_value(*COLUMNS(lambda _c: NOT starts_with(_c, '_ecomsql_') OR _c = '_ecomsql_empty')) AS _given
    FROM _ecomsql_texts
)
SELECT
    _series,
    CASE
        WHEN regexp_full_match(typeof(_at), 'U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?') THEN TRY_CAST(_at AS DOUBLE)
        ELSE epoch(TRY_CAST(_at AS TIMESTAMP))
    END AS _time,
    _column::INTEGER AS _column,
    coalesce(TRY_CAST(_text AS DOUBLE), TRY_CAST(_text AS BOOLEAN)::INTEGER) AS _value
FROM (
    SELECT _series, _at, unnest(_given) AS _text, generate_subscripts(_given, 1) AS _column
    FROM _lists
    WHERE _at IS NOT NULL
)
WHERE _text IS NOT NULL;
