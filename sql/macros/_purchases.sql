-- Events of users with their money, cleaned: columns chosen by role, times in seconds, no row without a user or time.
--
-- Arguments:
--   data: orders or an event log, as a relation
--   user_col: column of users
--   time_col: column of times
--   value_col: column of money
--   quantity_col: column to multiply by; 'quantity' when NULL, there, and the money is a price
--   event_col: column of kinds of events; 'event_type' when NULL and there
--   purchase_event: the kind that is a purchase
-- Returns: _user, _time DOUBLE (NULL: unreadable), _amount DOUBLE (NULL: unreadable), _event VARCHAR,
--   _is_purchase BOOLEAN
CREATE OR REPLACE MACRO _purchases(
    data, user_col, time_col, value_col, quantity_col, event_col, purchase_event
) AS TABLE
WITH
_picked AS (
    SELECT
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(user_col::VARCHAR) OR _c = '_ecomsql_none')) AS _user,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(time_col::VARCHAR) OR _c = '_ecomsql_none')) AS _at,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(value_col::VARCHAR) OR _c = '_ecomsql_none')) AS _value,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(coalesce(
            quantity_col::VARCHAR, CASE WHEN contains(lower(value_col::VARCHAR), 'price') THEN 'quantity' END
        )) OR _c = '_ecomsql_none')) AS _pieces,
        coalesce(*COLUMNS(
            lambda _c: lower(_c) = lower(coalesce(event_col::VARCHAR, 'event_type')) OR _c = '_ecomsql_none'
        ))::VARCHAR AS _event,
        -- The column that is always there, and that of events, if there is one.
        len(list_value(*COLUMNS(
            lambda _c: lower(_c) = lower(coalesce(event_col::VARCHAR, 'event_type')) OR _c = '_ecomsql_none'
        ))) > 1 AS _has_events
    FROM (SELECT *, NULL AS _ecomsql_none FROM query_table(data))
)
SELECT
    _user,
    epoch(TRY_CAST(_at AS TIMESTAMP)) AS _time,
    CASE WHEN _value IS NULL THEN 0.0 ELSE TRY_CAST(_value AS DOUBLE) END
    * CASE WHEN _pieces IS NULL THEN 1.0 ELSE TRY_CAST(_pieces AS DOUBLE) END AS _amount,
    _event,
    NOT _has_events OR coalesce(lower(_event) = lower(purchase_event::VARCHAR), false) AS _is_purchase
FROM _picked
WHERE _user IS NOT NULL AND _at IS NOT NULL;
