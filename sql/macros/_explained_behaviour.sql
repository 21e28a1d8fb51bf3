-- Explanations of what users will do, by a model of train_purchase_model or train_churn_model.
--
-- Arguments:
--   data: events or order lines
--   model: name of a table of models, as text
--   per: user or user_item: what `id` has been chosen for
--   user_col: column of users
--   item_col: column of items, NULL: none
--   time_col: column of times
--   event_col: column of kinds of events, or NULL
--   price_col: column of prices, or NULL
--   quantity_col: column of quantities, or NULL
--   names: what purchases, views and carts are called, as a struct
--   horizon: how far to look ahead, an interval
--   as_of: from when on, a time, or NULL
--   options: everything else that the function was given, as a struct
-- Returns: _user, _item, _part STRUCT(rank INTEGER, feature VARCHAR, value VARCHAR, contribution DOUBLE)
CREATE OR REPLACE MACRO _explained_behaviour(
    data, model, per, user_col, item_col, time_col, event_col, price_col, quantity_col, names, horizon, as_of, options
) AS TABLE
WITH
_session AS MATERIALIZED (
    FROM ecomsql.main._behaviour(
        data, model, user_col, item_col, time_col, event_col, price_col, quantity_col, names,
        {
            'function': 'explain',
            'horizon': horizon::VARCHAR,
            'seconds': epoch(TRY_CAST(horizon AS INTERVAL)),
            'as_of': as_of::VARCHAR,
            'at': epoch(TRY_CAST(as_of AS TIMESTAMP)),
            'per': per,
            'more': options
        }
    )
),
_answers AS (
    SELECT unnest(_behaviour_parts(_handle)) AS _answer FROM _session WHERE _kind = 'handle'
)
SELECT _people._user, _things._item, unnest(_answer.parts) AS _part
FROM _answers
JOIN _session AS _people ON _people._kind = 'user' AND _people._code = _answer.user
LEFT JOIN _session AS _things ON _things._kind = 'item' AND _things._code = _answer.item;
