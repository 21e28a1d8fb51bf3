-- Train a model of customers' lifetime value and return it as a row.
--
-- Keep it in a table, and give its name to predict_ltv as `model`. The blob holds parameters and trees only; loading
-- one never runs code. It predicts for customers that it has never seen, and for any horizon: trees trained for another
-- one are scaled by the purchases that BG/NBD expects. `metrics` holds the parameters of BG/NBD (in days) and
-- Gamma-Gamma, the errors of the trees on rows that they had not learned from, and with method auto what was picked and
-- why; also where explanations start, the average customer and `base`, what that one is expected to spend. Orders are
-- read as by predict_ltv; data without a purchase is an error.
--
-- Arguments:
--   data: orders, or an event log of which purchases count: a table, view, CTE, or file name
--   horizon: how far predictions will look ahead: an interval of at least a day
--   method: bgnbd, lightgbm or auto; see predict_ltv
--   as_of: the moment up to which orders are looked at, a date (its first instant) or timestamp; default: the last
--     event
--   seed: same data, options and seed give the same model
--   user_col: column of users
--   time_col: column of times: dates or timestamps
--   value_col: column of money
--   quantity_col: column to multiply the money by; default: `quantity` when there and value_col has 'price' in its
--     name; '' for none
--   event_col: column of kinds of events; default: `event_type` when there; '' for none
--   purchase_event: the kind of event that is a purchase; case does not matter
-- Returns: model BLOB, task VARCHAR, method VARCHAR, trained_at TIMESTAMPTZ, rows BIGINT, options JSON,
--   metrics JSON, version VARCHAR
-- Example:
--   SELECT task, method, rows FROM train_ltv_model('events.parquet', horizon := INTERVAL 30 DAY);
CREATE OR REPLACE MACRO train_ltv_model(
    data,
    horizon := INTERVAL 365 DAY,
    method := 'auto',
    as_of := NULL,
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
        data, 'ecomsql.internal._nothing', horizon, as_of, user_col, time_col, value_col, quantity_col, event_col,
        purchase_event, {'function': 'train_ltv_model', 'method': method, 'discount': 0.0, 'seed': seed}
    )
),
_trained AS (SELECT _store_ltv(_handle) AS _row FROM _session WHERE _code IS NULL)
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
