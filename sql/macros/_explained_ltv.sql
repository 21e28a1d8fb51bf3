-- Explanations of what customers will spend, by a model of train_ltv_model.
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
--   discount: yearly rate
--   options: everything else that the function was given, as a struct
-- Returns: id, rank INTEGER, feature VARCHAR, value VARCHAR, contribution DOUBLE
CREATE OR REPLACE MACRO _explained_ltv(
    data, model, horizon, as_of, user_col, time_col, value_col, quantity_col, event_col, purchase_event, discount,
    options
) AS TABLE
WITH
_session AS MATERIALIZED (
    FROM ecomsql.main._customer_values(
        data, model, horizon, as_of, user_col, time_col, value_col, quantity_col, event_col, purchase_event,
        {'function': 'explain', 'method': 'auto', 'discount': discount, 'seed': 42, 'more': options}
    )
),
_parts AS (
    SELECT _user, unnest(_ltv_parts((SELECT _handle FROM _session WHERE _code IS NULL), _code)) AS _part
    FROM _session
    WHERE _code IS NOT NULL
)
SELECT
    _user AS id,
    _part.rank AS rank,
    _part.feature AS feature,
    _part.value AS value,
    _part.contribution AS contribution
FROM _parts
ORDER BY id, rank;
