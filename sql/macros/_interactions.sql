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
_keyed AS MATERIALIZED (FROM ecomsql.main._events(data, user_col, item_col, time_col, weight_col)),
_unread AS (SELECT bool_or(_time IS NULL AND _at IS NOT NULL) AS _any FROM _keyed),
-- Times that are neither numbers nor dates are put in the order that SQL gives them; else this is empty.
_ranked AS (
    SELECT _at, dense_rank() OVER (ORDER BY _at)::DOUBLE AS _rank
    FROM (SELECT DISTINCT CASE WHEN _any THEN _at END AS _at FROM _keyed CROSS JOIN _unread)
    WHERE _at IS NOT NULL
)
SELECT _user, _item, coalesce(_rank, _time) AS _time, _weight
FROM _keyed LEFT JOIN _ranked USING (_at);
