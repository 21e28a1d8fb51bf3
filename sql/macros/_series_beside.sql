-- Numbers beside the steps of series, in lists: what a relation and another of the future have of some columns.
--
-- Arguments:
--   series: name of the relation that _series returned
--   data: any relation
--   future: name of a relation of the steps ahead, as text; one without series_col is of all series
--   series_col: column of series; NULL: all rows are one
--   time_col: column of times
--   covariates: names of columns, a list, or one by itself
-- Returns: one row: _beside STRUCT(codes INTEGER[], places BIGINT[] (1: the first step ahead), columns INTEGER[], "values"
--   DOUBLE[], ahead BOOLEAN[], future_columns VARCHAR[]), and of each series, in their order, ids and starts VARCHAR[] (the
--   time of the first step ahead), over BOOLEAN[] (whether that is before the latest time of the data); id_types VARCHAR[] of
--   the series and in the future
CREATE OR REPLACE MACRO _series_beside(series, data, future, series_col, time_col, covariates) AS TABLE
WITH
_ends AS (
    SELECT _code, _id, _id::VARCHAR AS _name, _rhythm, _places[-1] AS _last, _latest
    FROM query_table(series)
    WHERE _code IS NOT NULL
),
_ecomsql_past AS (FROM ecomsql.main._beside(data, series_col, time_col, covariates)),
_ecomsql_future_columns AS (FROM ecomsql.main._columns(future)),
_ecomsql_future AS MATERIALIZED (FROM ecomsql.main._beside(future, series_col, time_col, covariates)),
-- Ids as text, so that those of another type in the future are no error of a cast.
_numbers AS MATERIALIZED (
    SELECT _series::VARCHAR AS _series, _time, _column, _value, false AS _is_ahead FROM _ecomsql_past
    UNION ALL
    SELECT _series::VARCHAR, _time, _column, _value, true FROM _ecomsql_future
),
_joined AS (
    SELECT _code, _rhythm, _last, _time, _column, _value, _is_ahead
    FROM _numbers
    JOIN _ends ON _series IS NOT DISTINCT FROM _name
    UNION ALL
    SELECT _code, _rhythm, _last, _time, _column, _value, _is_ahead
    FROM _numbers
    CROSS JOIN _ends
    WHERE _series IS NULL AND series_col IS NOT NULL AND _is_ahead
),
_placed AS (
    SELECT
        _code,
        ecomsql.main._series_place(
            struct_extract(_rhythm, 'is_step'),
            struct_extract(_rhythm, 'is_even'),
            struct_extract(_rhythm, 'months'),
            struct_extract(_rhythm, 'step'),
            struct_extract(_rhythm, 'first'),
            struct_extract(_rhythm, 'anchor'),
            _time
        ) - _last AS _place,
        _column,
        _value,
        _is_ahead
    FROM _joined
    WHERE isfinite(_time)
)
SELECT
    {
        'codes': list(_code),
        'places': list(_place),
        'columns': list(_column),
        'values': list(_value),
        'ahead': list(_is_ahead),
        'future_columns': (SELECT _names FROM _ecomsql_future_columns),
        'ids': (SELECT list(_name ORDER BY _code) FROM _ends WHERE len(to_json(covariates)::VARCHAR) > 2),
        'starts': (
            SELECT list(ecomsql.main._series_time(_rhythm, _last + 1) ORDER BY _code) FROM _ends WHERE len(to_json(covariates)::VARCHAR) > 2
        ),
        'over': (
            SELECT list(
                ecomsql.main._series_place(
                    struct_extract(_rhythm, 'is_step'),
                    struct_extract(_rhythm, 'is_even'),
                    struct_extract(_rhythm, 'months'),
                    struct_extract(_rhythm, 'step'),
                    struct_extract(_rhythm, 'first'),
                    struct_extract(_rhythm, 'anchor'),
                    _latest
                ) > _last
                ORDER BY _code
            )
            FROM _ends WHERE len(to_json(covariates)::VARCHAR) > 2
        ),
        'id_types': [
            (SELECT any_value(typeof(_id)) FROM _ends),
            (SELECT any_value(typeof(_series)) FROM _ecomsql_future WHERE _series IS NOT NULL)
        ]
    } AS _beside
FROM _placed;
