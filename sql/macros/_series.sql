-- The series in a relation, each on an even grid of its own rhythm: one row a series.
--
-- Each series has a rhythm of its own: the step between most of its times (a number of seconds, or of months for monthly,
-- quarterly and yearly ones), or where times come irregularly a day, a week or a month, whichever is nearest above. Of totals,
-- a few times close together are no rhythm.
--
-- Arguments:
--   data: any relation
--   series_col: column of series; NULL: all rows are one
--   time_col: column of times
--   value_col: column of values
--   total: whether values at one step are added up; else their mean
--   frequency: hour, day, week, month, quarter or year: the step of all series; NULL: each its own
-- Returns: _code INTEGER (0 and up, in the order of _id), _id (in its own type), _season BIGINT (steps a season), _places
--   BIGINT[] (steps with a value, counted from the first, ascending), _values DOUBLE[], _rhythm (see _series_time), _like
--   (a time as it was given), and the same in each row: _latest DOUBLE (time, as _rhythm's `first`), _usual_gap DOUBLE (between
--   days on which there is anything, days, of nine in ten at most), _columns VARCHAR[] (of the relation), _wrong STRUCT
--   (bad_times and bad_values: how many cannot be read, far_times: how many are before 1900 or after 2199, bad_time and far_time
--   VARCHAR: one of them). Where there is no series, one row whose _code is NULL.
CREATE OR REPLACE MACRO _series(data, series_col, time_col, value_col, total, frequency) AS TABLE
WITH
-- What the user names is read first, so that no name further down can stand in for it.
_ecomsql_columns AS (FROM ecomsql.main._columns(data)),
_ecomsql_known AS MATERIALIZED (
    SELECT
        _series,
        CASE
            WHEN regexp_full_match(typeof(_at), 'U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?') THEN TRY_CAST(_at AS DOUBLE)
            ELSE epoch(TRY_CAST(_at AS TIMESTAMP))
        END AS _time,
        TRY_CAST(_given AS DOUBLE) AS _value,
        _given IS NOT NULL AS _is_told,
        _at
    FROM (
        SELECT
            coalesce(*COLUMNS(
                lambda _c: lower(_c) = coalesce(lower(series_col::VARCHAR), '_ecomsql_nobody') OR _c = '_ecomsql_none'
            )) AS _series,
            coalesce(*COLUMNS(lambda _c: lower(_c) = lower(time_col::VARCHAR) OR _c = '_ecomsql_none')) AS _at,
            coalesce(*COLUMNS(lambda _c: lower(_c) = lower(value_col::VARCHAR) OR _c = '_ecomsql_none')) AS _given
        FROM (SELECT *, NULL AS _ecomsql_none, NULL::VARCHAR AS _ecomsql_nobody FROM query_table(data))
    )
    WHERE _at IS NOT NULL AND (_series IS NOT NULL OR series_col IS NULL)
),
_sample AS MATERIALIZED (
    SELECT
        any_value(_at) AS _like,
        coalesce(any_value(typeof(_at)), '') AS _type,
        regexp_full_match(_type, 'U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?') AS _is_step
    FROM _ecomsql_known
),
_moments AS (
    SELECT _series, _time, sum(_value) AS _sum, count(*) AS _count
    FROM _ecomsql_known
    WHERE isfinite(_time) AND isfinite(_value)
    GROUP BY ALL
),
_names AS MATERIALIZED (
    SELECT _series, (row_number() OVER (ORDER BY _series) - 1)::INTEGER AS _code
    FROM (SELECT DISTINCT _series FROM _moments)
),
_points AS MATERIALIZED (
    SELECT _code, _time, _sum, _count
    FROM _moments
    JOIN _names ON _moments._series IS NOT DISTINCT FROM _names._series
),
_gaps AS (
    SELECT
        _code,
        _time,
        _time - lag(_time) OVER (PARTITION BY _code ORDER BY _time) AS _gap
    FROM _points
),
_usual AS (
    SELECT
        _code,
        min(_time) AS _first,
        make_timestamp((_first * 1000000)::BIGINT) AS _start,
        bool_and(make_timestamp((_time * 1000000)::BIGINT)::DATE = last_day(make_timestamp((_time * 1000000)::BIGINT)::DATE)) AS _ends_months,
        quantile_disc(_gap, 0.25) AS _short,
        quantile_disc(_gap, 0.5) AS _middle,
        quantile_disc(_gap, 0.75) AS _long,
        frequency IS NULL
        AND coalesce(_long <= 1.15 * _short, true)
        AND NOT coalesce(
            lower(total::VARCHAR) = 'true' AND NOT any_value(_is_step) AND _middle < 80000 AND count(*) < 8, false
        ) AS _is_even
    FROM _gaps
    CROSS JOIN _sample
    GROUP BY _code
),
-- Months of a step, or 0; seconds (or whole numbers) of one otherwise.
_steps AS (
    SELECT
        *,
        CASE
            WHEN _is_step THEN 0
            WHEN frequency IS NOT NULL
                THEN CASE lower(frequency::VARCHAR) WHEN 'month' THEN 1 WHEN 'quarter' THEN 3 WHEN 'year' THEN 12 ELSE 0 END
            WHEN _short >= 27.5 * 86400 AND _long <= 31.5 * 86400 THEN 1
            WHEN _short >= 89.5 * 86400 AND _long <= 92.5 * 86400 THEN 3
            WHEN _short >= 180.5 * 86400 AND _long <= 184.5 * 86400 THEN 6
            WHEN _short >= 364.5 * 86400 AND _long <= 366.5 * 86400 THEN 12
            WHEN NOT _is_even AND _middle > 15 * 86400 THEN 1
            ELSE 0
        END AS _months,
        CASE
            WHEN _is_step THEN CASE WHEN _is_even THEN greatest(round(coalesce(_middle, 1)), 1) ELSE 1 END
            WHEN frequency IS NOT NULL
                THEN CASE lower(frequency::VARCHAR) WHEN 'hour' THEN 3600 WHEN 'week' THEN 7 * 86400 ELSE 86400 END
            WHEN _middle IS NULL THEN 86400
            WHEN NOT _is_even THEN CASE WHEN _middle <= 3.5 * 86400 THEN 86400 ELSE 7 * 86400 END
            WHEN _middle >= 80000 THEN round(_middle / 86400) * 86400
            WHEN _middle >= 3300 THEN round(_middle / 3600) * 3600
            ELSE _middle
        END::DOUBLE AS _step
    FROM _usual
    CROSS JOIN _sample
),
_rhythms AS MATERIALIZED (
    SELECT
        *,
        CASE
            WHEN _months = 12 AND NOT _is_even THEN date_trunc('year', _start)
            WHEN _months = 3 AND NOT _is_even THEN date_trunc('quarter', _start)
            WHEN _months > 0 AND NOT _is_even THEN date_trunc('month', _start)
            WHEN _months > 0 OR _is_even THEN _start
            WHEN _step = 7 * 86400 THEN date_trunc('week', _start)
            WHEN _step = 3600 THEN date_trunc('hour', _start)
            ELSE date_trunc('day', _start)
        END::TIMESTAMP AS _anchor,
        CASE
            WHEN _months > 0 THEN greatest(12 // _months, 1)
            WHEN _is_step THEN 1
            WHEN _step = 7 * 86400 THEN 52
            WHEN _step = 86400 THEN 7
            WHEN 86400 % _step = 0 THEN (86400 / _step)::BIGINT
            ELSE 1
        END AS _season
    FROM _steps
),
_slots AS (
    SELECT
        _code,
        ecomsql.main._series_place(_is_step, _is_even, _months, _step, _first, _anchor, _time) AS _place,
        sum(_sum) / CASE lower(total::VARCHAR) WHEN 'true' THEN 1 ELSE sum(_count) END AS _value
    FROM _points
    JOIN _rhythms USING (_code)
    GROUP BY ALL
),
_listed AS (
    SELECT
        _code,
        list(_place ORDER BY _place) AS _places,
        list(_value ORDER BY _place) AS _values
    FROM _slots
    GROUP BY _code
),
_found AS (
    SELECT
        _code,
        _names._series AS _id,
        _season::BIGINT AS _season,
        _places,
        _values,
        {
            'is_step': _is_step,
            'is_even': _is_even,
            'first': _first,
            'step': _step,
            'months': _months::BIGINT,
            'anchor': _anchor,
            'ends_months': _ends_months AND _is_even,
            'is_date': _type = 'DATE',
            'is_text': _type = 'VARCHAR'
        } AS _rhythm
    FROM _listed
    JOIN _rhythms USING (_code)
    JOIN _names USING (_code)
),
_days AS (SELECT DISTINCT floor(_time / 86400) AS _day FROM _points),
_checks AS (
    SELECT
        (SELECT max(_time) FROM _points) AS _latest,
        (
            SELECT coalesce(quantile_disc(_gap, 0.9), 1)
            FROM (SELECT _day - lag(_day) OVER (ORDER BY _day) AS _gap FROM _days)
        ) AS _usual_gap,
        (SELECT _names FROM _ecomsql_columns) AS _columns,
        (
            SELECT {
                'bad_times': count(*) FILTER (_is_bad),
                'bad_time': min(_at::VARCHAR) FILTER (_is_bad),
                'far_times': count(*) FILTER (_is_far),
                'far_time': max(_at::VARCHAR) FILTER (_is_far),
                'bad_values': count(*) FILTER (_is_told AND _value IS NULL)
            }
            FROM (
                SELECT
                    _at,
                    _is_told,
                    _value,
                    coalesce(NOT isfinite(_time), true) AS _is_bad,
                    NOT _is_bad AND NOT _is_step
                    AND (_time < epoch(TIMESTAMP '1900-01-01') OR _time >= epoch(TIMESTAMP '2200-01-01')) AS _is_far
                FROM _ecomsql_known CROSS JOIN _sample
            )
        ) AS _wrong
)
SELECT
    _found._code,
    _found._id,
    _found._season,
    _found._places,
    _found._values,
    _found._rhythm,
    _sample._like,
    _checks._latest,
    _checks._usual_gap,
    _checks._columns,
    _checks._wrong
FROM _checks
CROSS JOIN _sample
LEFT JOIN _found ON true
ORDER BY _found._code;
