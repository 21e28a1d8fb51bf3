-- Events of users with items: columns chosen by role, rows without a user, an item or a weight left out.
--
-- Arguments:
--   data: events, as a relation
--   user_col: column of users
--   item_col: column of items
--   time_col: column of times; 'ts' when NULL and there
--   weight_col: column of weights; 1 a row when NULL
-- Returns: _user, _item, _at, _time DOUBLE (NULL: `_at` is neither a date nor a number), _weight DOUBLE (likewise)
CREATE OR REPLACE MACRO _events(data, user_col, item_col, time_col, weight_col) AS TABLE
SELECT
    _user,
    _item,
    _at,
    coalesce(epoch(TRY_CAST(_at AS TIMESTAMP)), TRY_CAST(_at AS DOUBLE)) AS _time,
    CASE WHEN weight_col IS NULL THEN 1.0 ELSE TRY_CAST(_w AS DOUBLE) END AS _weight
FROM (
    SELECT
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(user_col::VARCHAR) OR _c = '_ecomsql_none')) AS _user,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(item_col::VARCHAR) OR _c = '_ecomsql_none')) AS _item,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(coalesce(time_col::VARCHAR, 'ts')) OR _c = '_ecomsql_none')) AS _at,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(weight_col::VARCHAR) OR _c = '_ecomsql_none')) AS _w
    FROM (SELECT *, NULL AS _ecomsql_none FROM query_table(data))
)
WHERE _user IS NOT NULL AND _item IS NOT NULL AND (weight_col IS NULL OR _w IS NOT NULL);
