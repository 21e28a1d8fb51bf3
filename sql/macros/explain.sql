-- Explain predictions: what each feature adds to a model's answer.
--
-- With a model of train_classifier or train_regressor, each row of the data is explained; with one of
-- train_purchase_model or train_churn_model, each user (for per := 'user_item', each user with each item in the cart:
-- `id` is then STRUCT(user_id, item_id)); with one of train_ltv_model, each customer. Users and customers are those
-- that predict_purchase, predict_churn and predict_ltv answer about with the same arguments, in order.
-- Contributions are in log-odds for classes and behaviour (of the positive class when there are two, else of the
-- predicted one), in the units of the target for numbers, and in money for `expected_value`. Those of all features
-- (`top := 100`) and the model's `base` (in its metrics) add up to the answer:
-- `1 / (1 + exp(-(base + sum(contribution))))` is the probability.
-- Trees are explained by exact Shapley values (TreeSHAP), networks by integrated gradients, linear models by weights; of
-- a blend they are added up with its weights. A date counts as one feature. Of gru and attention the features are what
-- they are told of the last 64 events, those of one kind at one moment being one: `events` (how many), `kinds`,
-- `item_popularity` (the value is the mean logarithm of 1 + the purchases within 30 days), `item_conversion` (the share of
-- what is put into the cart that is bought), `hours_between_events`, `price_to_habit`, `quantity` and `lines` (medians),
-- `hours_since_event`, and `about_item` (how many are about the item asked about). A model of the base rate has no
-- features, and gives no rows.
-- Of value models, frequency, recency, age and mean_amount (of all purchase days, the first too) are explained by exact
-- Shapley values of BG/NBD and Gamma-Gamma against the average customer (`average_customer` in the metrics), whose
-- expected_value is the base: `base` in the metrics is that for the horizon of training, without discount; for others it
-- is what is left of expected_value without the contributions. What trees add is scaled to the horizon as in
-- predict_ltv; their features p_alive and expected_ are of the days they learned from. Where less than nothing would
-- come out, all contributions are scaled down to reach 0.
-- The columns depend on the model. When it is in a temporary table, a CTE or an open transaction, it cannot be seen
-- beforehand, and is taken as one of a table unless `task` (and `per`) say what it is. Rows without an id take no part.
--
-- Arguments:
--   data: the rows, events or orders to explain: a table, view, CTE, or file name
--   model: name of a table made by train_classifier, train_regressor, train_purchase_model, train_churn_model or
--     train_ltv_model; of several rows the newest
--   id_col: for tables, column that says which row it is; default: the rows are counted from 1
--   top: how many features a row, those that matter most first; all if there are fewer
--   task: what the model is for: classification, regression, purchase, churn or ltv; default: what a committed table
--     says of it
--   per: of a model of purchases, user or user_item; default: what a committed table says, else user
--   as_of: for behaviour and value, the moment to look from, as in predict_purchase and predict_ltv; default: the last
--     event
--   horizon: for value, how far to look ahead, as in predict_ltv; of purchase and churn it is the model's
--   discount: for value, yearly rate, as in predict_ltv
--   user_col: for behaviour and value, column of users
--   item_col: for behaviour, column of items; NULL: there is none
--   time_col: for behaviour and value, column of times
--   event_col: for behaviour and value, column of kinds of events; default: `event_type` when there
--   price_col: for behaviour, column of prices; default: `price` when there
--   quantity_col: for behaviour and value, column of quantities; default: `quantity` when there (for value, and
--     value_col has 'price' in its name)
--   value_col: for value, column of money
--   purchase: what the kind of a purchase is called; upper and lower case do not matter
--   view: what the kind of a view is called
--   cart: what the kind of putting into the cart is called
--   purchase_event: for value, the name that predict_ltv has for `purchase`; default: that
-- Returns: id, rank INTEGER, feature VARCHAR, value VARCHAR, contribution DOUBLE
-- Example:
--   WITH m AS (FROM train_classifier('users.parquet', 'age_band', method := 'linear'))
--   FROM explain('users.parquet', model := 'm', id_col := 'user_id', top := 3) LIMIT 6;
CREATE OR REPLACE MACRO explain(
    data,
    model := 'ecomsql.internal._nothing',
    id_col := NULL,
    top := 5,
    task := NULL,
    per := NULL,
    as_of := NULL,
    horizon := INTERVAL 365 DAY,
    discount := 0.0,
    user_col := 'user_id',
    item_col := 'item_id',
    time_col := 'ts',
    event_col := NULL,
    price_col := NULL,
    quantity_col := NULL,
    value_col := 'price',
    purchase := 'purchase',
    view := 'view',
    cart := 'cart',
    purchase_event := NULL
) AS TABLE
WITH
-- One of these is read, and only that one is bound.
_ecomsql_of_rows AS NOT MATERIALIZED (FROM ecomsql.main._explained_table(data, model, id_col, top, task)),
_ecomsql_of_users AS NOT MATERIALIZED (
    SELECT
        _user AS id,
        _part.rank AS rank,
        _part.feature AS feature,
        _part.value AS value,
        _part.contribution AS contribution
    FROM ecomsql.main._explained_behaviour(
        data, model, 'user', user_col, item_col, time_col, event_col, price_col, quantity_col,
        {'purchase': purchase, 'view': view, 'cart': cart}, horizon, as_of,
        {'task': task, 'top': top, 'id_col': id_col}
    )
    ORDER BY id, rank
),
_ecomsql_of_pairs AS NOT MATERIALIZED (
    SELECT
        {'user_id': _user, 'item_id': _item} AS id,
        _part.rank AS rank,
        _part.feature AS feature,
        _part.value AS value,
        _part.contribution AS contribution
    FROM ecomsql.main._explained_behaviour(
        data, model, 'user_item', user_col, item_col, time_col, event_col, price_col, quantity_col,
        {'purchase': purchase, 'view': view, 'cart': cart}, horizon, as_of,
        {'task': task, 'top': top, 'id_col': id_col}
    )
    ORDER BY id, rank
),
_ecomsql_of_values AS NOT MATERIALIZED (
    FROM ecomsql.main._explained_ltv(
        data, model, horizon, as_of, user_col, time_col, value_col, quantity_col, event_col,
        coalesce(purchase_event, purchase), discount,
        {'task': task, 'top': top, 'id_col': id_col, 'price_col': price_col}
    )
)
FROM query(_explanation_select(model, task, per));
