-- Events of users with items, cleaned: columns chosen by role, time as a number, rows without a user or item left out.
--
-- Arguments:
--   data: events, as a relation
--   user_col: column of users
--   item_col: column of items
--   time_col: column of times; 'ts' when NULL and there; text that is no date is ordered as text
--   weight_col: column of weights; 1 a row when NULL
-- Returns: _user, _item, _time DOUBLE (NULL: unknown), _weight DOUBLE (NULL: not a number)
CREATE OR REPLACE MACRO _interactions(data, user_col, item_col, time_col, weight_col) AS TABLE
WITH
_picked AS MATERIALIZED (
    SELECT
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(user_col::VARCHAR) OR _c = '_ecomsql_none')) AS _user,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(item_col::VARCHAR) OR _c = '_ecomsql_none')) AS _item,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(coalesce(time_col::VARCHAR, 'ts')) OR _c = '_ecomsql_none')) AS _at,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(weight_col::VARCHAR) OR _c = '_ecomsql_none')) AS _w
    FROM (SELECT *, NULL AS _ecomsql_none FROM query_table(data))
),
_keyed AS (
    SELECT
        _user,
        _item,
        _at,
        coalesce(epoch(TRY_CAST(_at AS TIMESTAMP)), TRY_CAST(_at AS DOUBLE)) AS _time,
        CASE WHEN weight_col IS NULL THEN 1.0 ELSE TRY_CAST(_w AS DOUBLE) END AS _weight
    FROM _picked
    WHERE _user IS NOT NULL AND _item IS NOT NULL AND (weight_col IS NULL OR _w IS NOT NULL)
),
_unread AS (SELECT bool_or(_time IS NULL AND _at IS NOT NULL) AS _any FROM _keyed),
-- Times that are neither numbers nor dates are put in the order that SQL gives them; else this is empty.
_ranked AS (
    SELECT _at, dense_rank() OVER (ORDER BY _at)::DOUBLE AS _rank
    FROM (SELECT DISTINCT CASE WHEN _any THEN _at END AS _at FROM _keyed CROSS JOIN _unread)
    WHERE _at IS NOT NULL
)
SELECT _user, _item, coalesce(_rank, _time) AS _time, _weight
FROM _keyed LEFT JOIN _ranked USING (_at);
