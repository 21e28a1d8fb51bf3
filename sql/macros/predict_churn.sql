-- Predict whether each user stays away: buys nothing within a time of inactivity after a point in time.
--
-- Where nobody ever bought, staying away is that nothing happens at all.
-- The past is cut into three to eight points in time, as much before each other as the horizon is long; what had
-- happened before each is set against what happened within the horizon after it. The latest point is held out for
-- choosing method, effort and calibration; what answers learns from all of them. Nothing at or after `as_of` is looked
-- at. What it learns from: recency and frequency of each kind of event, money, regularity, sessions, what is in the
-- cart, prices against the user's habit, time of day and week, how sought after the items are, and where the user
-- stands among all users; so the whole log is wanted, also where `model` is given.
-- Users without an event before `as_of` are left out; rows come ordered by user. Data without a usable row
-- gives no rows; a history that is not longer than `inactivity` is an error. Where everybody stayed away, or nobody
-- did, or there are fewer than two rows of either, everyone gets the base rate, (stayed away + 1) / (rows + 2). The
-- same call again does not train.
--
-- Arguments:
--   data: an event log, or plain orders (every row is a purchase): a table, view, CTE, or file name
--   inactivity: how long someone buys nothing who is lost, an INTERVAL (a month is 30 days)
--   as_of: from when on, a time; default: the last event, all events being looked at
--   method: lightgbm, mlp, linear, or auto, which blends these three by how well they do on the latest of the past; gru
--     or attention: a network over what the user did at the last 64 moments
--   model: name of a table made by train_churn_model; nothing is trained then, and `inactivity` is the model's
--   threshold: the probability from which on `predicted` is true
--   seed: same data, options and seed give the same answer
--   user_col: column of users
--   item_col: column of items; NULL: there is none
--   time_col: column of times: dates, timestamps, text that can be read as such, or seconds since 1970
--   event_col: column of kinds of events; default: `event_type` when there, else every row is a purchase
--   price_col: column of prices of one piece; default: `price` when there; below 0 is unknown
--   quantity_col: column of quantities; default: `quantity` when there; a purchase of 0 or less is a return
--   purchase: what the kind of a purchase is called; upper and lower case do not matter
--   view: what the kind of a view is called
--   cart: what the kind of putting into the cart is called
-- Returns: user_id, as_of TIMESTAMP, probability DOUBLE, predicted BOOLEAN
-- Example:
--   FROM predict_churn('orders.parquet', inactivity := INTERVAL 14 DAY, method := 'lightgbm') LIMIT 10;
CREATE OR REPLACE MACRO predict_churn(
    data,
    inactivity := INTERVAL 90 DAY,
    as_of := NULL,
    method := 'auto',
    model := 'ecomsql.internal._nothing',
    threshold := 0.5,
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
        data, model, user_col, item_col, time_col, event_col, price_col, quantity_col,
        {'purchase': purchase, 'view': view, 'cart': cart},
        {
            'function': 'predict_churn',
            'task': 'churn',
            'horizon': inactivity::VARCHAR,
            'seconds': epoch(TRY_CAST(inactivity AS INTERVAL)),
            'as_of': as_of::VARCHAR,
            'at': epoch(TRY_CAST(as_of AS TIMESTAMP)),
            'per': 'user',
            'method': method,
            'threshold': threshold,
            'seed': seed
        }
    )
),
_answers AS (
    SELECT unnest(_answered_behaviour(_handle)) AS _answer FROM _session WHERE _kind = 'handle'
)
SELECT
    _people._user AS user_id,
    make_timestamp(_answer.as_of) AS as_of,
    _answer.probability AS probability,
    _answer.predicted AS predicted
FROM _answers
JOIN _session AS _people ON _people._kind = 'user' AND _people._code = _answer.user
ORDER BY user_id;
