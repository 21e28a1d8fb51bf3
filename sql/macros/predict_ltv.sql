-- Predict what each customer will buy and spend within a horizon.
--
-- One row for each user who has bought by `as_of`, ordered by user; nothing after `as_of` is looked at. Purchases of a
-- day are one. `frequency` counts the purchase days after the first, `recency` is the days from the first purchase to
-- the last, `age` those from the first to as_of, `monetary` the mean money of the purchases after the first (0 without
-- any), `p_alive` the probability that the customer has not left for good (by BG/NBD; 1 without a repeat purchase),
-- `expected_orders` the purchase days to expect within the horizon, and `expected_value` the money that they bring,
-- less the discount. Refunds (negative money) on a day without a purchase are taken off the purchase before, and never
-- count as one. Rows without a user or time take no part; a purchase without money counts as one worth 0. Where nobody
-- has come back yet (one day of data, one order a customer) nobody is expected to: expected_orders is 0. Data without a
-- purchase gives no row. The same call again does not train again.
--
-- Arguments:
--   data: orders, or an event log of which purchases count: a table, view, CTE, or file name
--   horizon: how far to look ahead: an interval of at least a day
--   method: bgnbd (BG/NBD for purchases, Gamma-Gamma for money), lightgbm (the same, corrected by two regressors, of
--     purchases and of money, trained on what came in the last days: as many as are to the days before them as the
--     horizon is to all; scaled to the horizon by the purchases that BG/NBD expects; an error with fewer than 30
--     customers before those days, or 10 who came back in them), or auto (bgnbd, lightgbm, or their mean: what
--     foresees the last days best, as many of them; bgnbd where that is too little)
--   as_of: the moment to predict from, a date (its first instant) or timestamp; default: the last event
--   model: name of a table made by train_ltv_model: nothing is trained, method and seed are not looked at
--   discount: yearly rate: money in a year is worth 1 / (1 + discount) as much as now
--   seed: same data, options and seed give the same answer
--   user_col: column of users
--   time_col: column of times: dates or timestamps
--   value_col: column of money
--   quantity_col: column to multiply the money by; default: `quantity` when there and value_col has 'price' in its
--     name; '' for none
--   event_col: column of kinds of events; default: `event_type` when there; '' for none
--   purchase_event: the kind of event that is a purchase; case does not matter
-- Returns: user_id, frequency BIGINT, recency DOUBLE, age DOUBLE, monetary DOUBLE, p_alive DOUBLE,
--   expected_orders DOUBLE, expected_value DOUBLE
-- Example:
--   FROM predict_ltv('orders.parquet', horizon := INTERVAL 30 DAY, method := 'bgnbd')
--   ORDER BY expected_value DESC LIMIT 5;
CREATE OR REPLACE MACRO predict_ltv(
    data,
    horizon := INTERVAL 365 DAY,
    method := 'auto',
    as_of := NULL,
    model := 'ecomsql.internal._nothing',
    discount := 0.0,
    seed := 42,
    user_col := 'user_id',
    time_col := 'ts',
    value_col := 'price',
    quantity_col := NULL,
    event_col := NULL,
    purchase_event := 'purchase'
) AS TABLE
WITH
_session AS MATERIALIZED (
    FROM ecomsql.main._customer_values(
        data, model, horizon, as_of, user_col, time_col, value_col, quantity_col, event_col, purchase_event,
        {'function': 'predict_ltv', 'method': method, 'discount': discount, 'seed': seed}
    )
),
_rows AS (
    SELECT _user, _ltv_of((SELECT _handle FROM _session WHERE _code IS NULL), _code) AS _row
    FROM _session
    WHERE _code IS NOT NULL
)
SELECT
    _user AS user_id,
    _row.frequency AS frequency,
    _row.recency AS recency,
    _row.age AS age,
    _row.monetary AS monetary,
    _row.p_alive AS p_alive,
    _row.expected_orders AS expected_orders,
    _row.expected_value AS expected_value
FROM _rows
ORDER BY user_id;
