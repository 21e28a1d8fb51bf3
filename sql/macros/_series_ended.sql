-- Series of totals, each up to the last step of all the data that is over: what is not sold any more is known to be 0.
--
-- A last step that the data do not reach the end of is left out: they reach up to the day on which, by the usual gap between
-- days, the next sale is due. A series that first comes in that step keeps it, one step earlier.
--
-- Arguments:
--   series: name of the relation that _series returned
--   total: as given to _series; where it is not true, series stay as they are
-- Returns: the columns of _series
CREATE OR REPLACE MACRO _series_ended(series, total) AS TABLE
WITH
_rhythms AS (
    SELECT
        *,
        struct_extract(_rhythm, 'is_step') AS _is_step,
        struct_extract(_rhythm, 'is_even') AS _is_even,
        struct_extract(_rhythm, 'months') AS _months,
        struct_extract(_rhythm, 'step') AS _step,
        struct_extract(_rhythm, 'anchor') AS _anchor,
        ecomsql.main._series_place(_is_step, _is_even, _months, _step, struct_extract(_rhythm, 'first'), _anchor, _latest) AS _place
    FROM query_table(series)
),
-- When the step of the latest time starts and ends.
_spans AS (
    SELECT
        *,
        CASE
            WHEN _is_step THEN struct_extract(_rhythm, 'first') + _place * _step
            WHEN _months > 0 THEN epoch(_anchor + to_months((_place * _months)::INTEGER))
            ELSE epoch(_anchor) + _place * _step
        END AS _starts,
        CASE
            WHEN _months > 0 THEN epoch(_anchor + to_months(((_place + 1) * _months)::INTEGER))
            ELSE _starts + _step
        END AS _ends
    FROM _rhythms
),
_lasts AS (
    SELECT
        *,
        CASE
            WHEN lower(total::VARCHAR) IS DISTINCT FROM 'true' THEN _places[-1]
            WHEN _is_step OR _is_even THEN greatest(_places[-1], _place - (_starts > _latest)::BIGINT)
            ELSE _place - ((floor(_latest / 86400) + _usual_gap) * 86400 < _ends)::BIGINT
        END AS _last
    FROM _spans
),
_kept AS (
    SELECT *, list_filter(_places, lambda _p: _p <= _last) AS _until
    FROM _lasts
)
SELECT
    _code,
    _id,
    _season,
    CASE
        WHEN _until[-1] = _last THEN _until
        ELSE list_append(_until, _last)
    END AS _places,
    CASE
        WHEN len(_until) = 0 THEN [_values[1]]
        WHEN _until[-1] = _last THEN _values[:len(_until)]
        ELSE list_append(_values[:len(_until)], 0.0)
    END AS _values,
    _rhythm,
    _like,
    _latest,
    _usual_gap,
    _columns,
    _wrong
FROM _kept
ORDER BY _code;
