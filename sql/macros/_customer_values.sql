-- Lifetime values over a relation: the codes of its customers, and the handle of what the UDF has opened.
--
-- Arguments:
--   data: orders or an event log
--   model: name of a table of models, as text
--   horizon: how far to look ahead, an interval
--   as_of: the moment to look from; NULL: the last event
--   user_col: column of users
--   time_col: column of times
--   value_col: column of money
--   quantity_col: column to multiply by
--   event_col: column of kinds of events
--   purchase_event: the kind that is a purchase
--   options: everything else that the function was given, as a struct
-- Returns: _user, _code INTEGER, _handle VARCHAR (in a row of its own, without a user)
CREATE OR REPLACE MACRO _customer_values(
    data, model, horizon, as_of, user_col, time_col, value_col, quantity_col, event_col, purchase_event, options
) AS TABLE
WITH
-- What the user names is read first, so that no name further down can stand in for it.
_ecomsql_columns AS (FROM ecomsql.main._columns(data)),
_ecomsql_model AS MATERIALIZED (FROM ecomsql.main._model_row(model)),
_ecomsql_events AS MATERIALIZED (
    FROM ecomsql.main._purchases(data, user_col, time_col, value_col, quantity_col, event_col, purchase_event)
),
_now AS (
    SELECT coalesce(TRY_CAST(as_of AS TIMESTAMP), make_timestamp((max(_time) * 1000000)::BIGINT)) AS _as_of
    FROM _ecomsql_events
),
_known AS (
    SELECT _user, _time, _amount
    FROM _ecomsql_events
    CROSS JOIN _now
    WHERE _is_purchase AND _time <= epoch(_as_of)
),
-- Customers have bought: to give something back is not enough.
_people AS MATERIALIZED (
    SELECT _user, (row_number() OVER (ORDER BY _user) - 1)::INTEGER AS _code
    FROM (SELECT DISTINCT _user FROM _known WHERE coalesce(_amount >= 0, true))
),
_told AS (
    SELECT
        count(*) FILTER (_is_purchase) AS _purchases,
        count(*) FILTER (_is_purchase AND _time IS NULL) AS _timeless,
        count(*) FILTER (_is_purchase AND _amount IS NULL) AS _worthless,
        list(DISTINCT _event) AS _kinds
    FROM _ecomsql_events
),
_opened AS (
    SELECT
        _open_ltv(
            list(_code),
            list(_time),
            list(_amount),
            (SELECT _blob FROM _ecomsql_model),
            (SELECT _rows FROM _ecomsql_model),
            to_json({
                'options': options,
                'model': model,
                'as_of': as_of,
                'as_of_is_read': TRY_CAST(as_of AS TIMESTAMP) IS NOT NULL,
                'as_of_seconds': (SELECT epoch(_as_of) FROM _now),
                'horizon': horizon::VARCHAR,
                'horizon_type': typeof(horizon),
                'horizon_is_read': TRY_CAST(horizon::VARCHAR AS INTERVAL) IS NOT NULL,
                'horizon_seconds': (
                    SELECT TRY(epoch(_from + TRY_CAST(horizon::VARCHAR AS INTERVAL)) - epoch(_from))
                    FROM (SELECT coalesce(_as_of, TIMESTAMP 'epoch') AS _from FROM _now)
                ),
                'columns': (SELECT _names FROM _ecomsql_columns),
                'purchase_event': purchase_event,
                'purchases': (SELECT _purchases FROM _told),
                'timeless': (SELECT _timeless FROM _told),
                'worthless': (SELECT _worthless FROM _told),
                'kinds': (SELECT _kinds FROM _told),
                'roles': {
                    'user_col': user_col,
                    'time_col': time_col,
                    'value_col': value_col,
                    'quantity_col': quantity_col,
                    'event_col': event_col
                }
            })
        ) AS _handle
    FROM _known JOIN _people USING (_user)
)
SELECT _user, _code, NULL AS _handle FROM _people
UNION ALL
SELECT NULL, NULL, _handle FROM _opened;
