-- Train a model of who stays away and return it as a row.
--
-- Keep the row in a table, and give the table's name to predict_churn as `model`.
-- The past is cut into three to eight points in time, as much before each other as the horizon is long; what had
-- happened before each is set against what happened within the horizon after it. The latest point is held out for
-- choosing method, effort and calibration; what answers learns from all of them. Nothing at or after `as_of` is looked
-- at. What it learns from: recency and frequency of each kind of event, money, regularity, sessions, what is in the
-- cart, prices against the user's habit, time of day and week, how sought after the items are, and where the user
-- stands among all users.
-- `metrics` says how well it did on the point that was held out, beside training. The blob holds weights and
-- metadata only; loading one never runs code. Data without a usable row, and a history that is not longer than
-- the horizon, are errors. Where everybody stayed away, or nobody did, the model is the base rate.
--
-- Arguments:
--   data: an event log, or plain orders (every row is a purchase): a table, view, CTE, or file name
--   inactivity: how long someone buys nothing who is lost, an INTERVAL (a month is 30 days)
--   as_of: what happened at or after this time is not learned from; default: all is
--   method: lightgbm, mlp, linear, or auto, which blends these three by how well they do on the latest of the past; gru
--     or attention: a network over what the user did at the last 64 moments
--   seed: same data, options and seed give the same model
--   user_col: column of users
--   item_col: column of items; NULL: there is none
--   time_col: column of times: dates, timestamps, text that can be read as such, or seconds since 1970
--   event_col: column of kinds of events; default: `event_type` when there, else every row is a purchase
--   price_col: column of prices of one piece; default: `price` when there; below 0 is unknown
--   quantity_col: column of quantities; default: `quantity` when there; a purchase of 0 or less is a return
--   purchase: what the kind of a purchase is called; upper and lower case do not matter
--   view: what the kind of a view is called
--   cart: what the kind of putting into the cart is called
-- Returns: model BLOB, task VARCHAR, method VARCHAR, trained_at TIMESTAMPTZ, rows BIGINT, options JSON,
--   metrics JSON, version VARCHAR
-- Example:
--   SELECT task, method FROM train_churn_model('orders.parquet', inactivity := INTERVAL 14 DAY, method := 'linear');
CREATE OR REPLACE MACRO train_churn_model(
    data,
    inactivity := INTERVAL 90 DAY,
    as_of := NULL,
    method := 'auto',
    seed := 42,
    user_col := 'user_id',
    item_col := 'item_id',
    time_col := 'ts',
    event_col := NULL,
    price_col := NULL,
    quantity_col := NULL,
    purchase := 'purchase',
    view := 'view',
    cart := 'cart'
) AS TABLE
WITH
_session AS MATERIALIZED (
    FROM ecomsql.main._behaviour(
        data, 'ecomsql.internal._nothing', user_col, item_col, time_col, event_col, price_col, quantity_col,
        {'purchase': purchase, 'view': view, 'cart': cart},
        {
            'function': 'train_churn_model',
            'task': 'churn',
            'horizon': inactivity::VARCHAR,
            'seconds': epoch(TRY_CAST(inactivity AS INTERVAL)),
            'as_of': as_of::VARCHAR,
            'at': epoch(TRY_CAST(as_of AS TIMESTAMP)),
            'per': 'user',
            'method': method,
            'threshold': 0.5,
            'seed': seed
        }
    )
),
_trained AS (SELECT _store_behaviour(_handle) AS _row FROM _session WHERE _kind = 'handle')
SELECT
    _row.model AS model,
    _row.task AS task,
    _row.method AS method,
    now() AS trained_at,
    _row.rows AS rows,
    _row.options::JSON AS options,
    _row.metrics::JSON AS metrics,
    _row.version AS version
FROM _trained;
