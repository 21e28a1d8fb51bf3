-- Plan the stock of each item: when to order, and how much, so that it lasts with a given probability.
--
-- One row for each item, ordered by item. Every `review_period` steps it is decided whether to order; an order arrives
-- `lead_time` steps later. So stock must last for a lead time and a review period: `reorder_point` is what the demand of
-- that time exceeds with a probability of no more than 1 - `service_level`; order where stock on hand and on order is not
-- above it. `safety_stock` is the part above the expected demand. `mean_demand` is the demand forecast for a step,
-- `demand_std` the standard deviation of such forecasts' errors, a step, learned from past errors over the whole time: so it
-- holds where sales drift, or are seldom. Quantities are added up by steps of `frequency`, from an item's first sale to the
-- latest sale of all; steps without any are 0, and so are those with more returns than sales. A last step that the data do
-- not reach the end of, but for the usual gap between days with sales, is left out. `order_quantity` is the demand of a
-- review period, or what makes ordering and holding cheapest where both costs are given, no less; with on_hand it is what to
-- order now: 0, or as much as lifts the stock that far above the reorder point. It is 0 where no stock at all lasts, as
-- hardly anything sells. Items sold in whole pieces have whole answers. `status` is 'ok', 'no demand', 'too few values' (for
-- one past forecast over that time: demand is taken to vary by chance), 'no lead time', or why a simpler forecast was made.
-- Rows without an item, time or quantity, and infinite quantities, take no part.
--
-- Arguments:
--   data: a table, view, CTE, or file name: sales, a row for each item and time
--   lead_time: steps from an order to its arrival, rounded up; or the name of a column: of each item, its latest number
--   service_level: probability that the stock lasts until the next order would arrive, from 0.5 to 0.9999
--   review_period: steps from one decision to the next
--   order_cost: cost of one order, whatever it is for; a number or a column
--   holding_cost: cost of holding one piece for a year; a number or a column
--   on_hand: pieces in stock and on order, less those owed to customers; a number or a column
--   lead_time_std: standard deviation of the lead time, in steps
--   method: of the forecast: naive, seasonal_naive, drift, theta, ets, arima, sarima, croston, tsb; lightgbm, lstm,
--     gru, attention, which learn from all items together; or auto: of each item the median of theta, ets and sarima, or tsb
--     where most steps are 0 (theta alone is much quicker)
--   season: steps a season; 1: none; default: what goes with the frequency (hours 24, days 7, weeks 52, months 12, quarters 4)
--   frequency: hour, day, week, month, quarter or year: what a step is; with whole numbers as times, a step is 1
--   seed: same data, options and seed give the same answer
--   item_col: column of items; NULL: all rows are of one
--   time_col: column of times: dates, timestamps, text that can be read as such, or whole numbers
--   value_col: column of quantities
-- Returns: item_id, mean_demand DOUBLE, demand_std DOUBLE, safety_stock DOUBLE, reorder_point DOUBLE,
--   order_quantity DOUBLE, status VARCHAR
-- Example:
--   FROM plan_inventory('orders.parquet', lead_time := 10, service_level := 0.95, method := 'theta') LIMIT 5;
CREATE OR REPLACE MACRO plan_inventory(
    data,
    lead_time := 7,
    service_level := 0.95,
    review_period := 1,
    order_cost := NULL,
    holding_cost := NULL,
    on_hand := NULL,
    lead_time_std := 0,
    method := 'auto',
    season := NULL,
    frequency := 'day',
    seed := 42,
    item_col := 'item_id',
    time_col := 'ts',
    value_col := 'quantity'
) AS TABLE
WITH
_ecomsql_found AS MATERIALIZED (
    FROM ecomsql.main._series(data, item_col, time_col, value_col, true, frequency)
),
_ecomsql_series AS MATERIALIZED (FROM ecomsql.main._series_ended(_ecomsql_found, true)),
_ecomsql_given AS MATERIALIZED (
    SELECT
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(item_col::VARCHAR) OR _c = '_ecomsql_none')) AS _item,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(time_col::VARCHAR) OR _c = '_ecomsql_none')) AS _at,
        coalesce(*COLUMNS(lambda _c: (typeof(lead_time) = 'VARCHAR' AND lower(_c) = lower(lead_time::VARCHAR)) OR _c = '_ecomsql_none')) AS _lead,
        coalesce(*COLUMNS(lambda _c: (typeof(on_hand) = 'VARCHAR' AND lower(_c) = lower(on_hand::VARCHAR)) OR _c = '_ecomsql_none')) AS _stock,
        coalesce(*COLUMNS(lambda _c: (typeof(order_cost) = 'VARCHAR' AND lower(_c) = lower(order_cost::VARCHAR)) OR _c = '_ecomsql_none')) AS _ordering,
        coalesce(*COLUMNS(lambda _c: (typeof(holding_cost) = 'VARCHAR' AND lower(_c) = lower(holding_cost::VARCHAR)) OR _c = '_ecomsql_none')) AS _holding
    FROM (SELECT *, NULL AS _ecomsql_none FROM query_table(data))
),
-- Of several numbers of an item, that of the latest time; of several there, the largest.
_numbers AS (
    SELECT
        _item,
        max({'_at': _when, '_is': TRY_CAST(_lead AS DOUBLE)}) FILTER (TRY_CAST(_lead AS DOUBLE) IS NOT NULL) AS _lead,
        max({'_at': _when, '_is': TRY_CAST(_stock AS DOUBLE)}) FILTER (TRY_CAST(_stock AS DOUBLE) IS NOT NULL) AS _stock,
        max({'_at': _when, '_is': TRY_CAST(_ordering AS DOUBLE)}) FILTER (TRY_CAST(_ordering AS DOUBLE) IS NOT NULL) AS _ordering,
        max({'_at': _when, '_is': TRY_CAST(_holding AS DOUBLE)}) FILTER (TRY_CAST(_holding AS DOUBLE) IS NOT NULL) AS _holding
    FROM (SELECT *, ecomsql.main._time_order(_at) AS _when FROM _ecomsql_given WHERE _at IS NOT NULL)
    GROUP BY _item
),
_wrong AS (
    SELECT [
        count(*) FILTER (_lead IS NOT NULL AND TRY_CAST(_lead AS DOUBLE) IS NULL),
        count(*) FILTER (_stock IS NOT NULL AND TRY_CAST(_stock AS DOUBLE) IS NULL),
        count(*) FILTER (_ordering IS NOT NULL AND TRY_CAST(_ordering AS DOUBLE) IS NULL),
        count(*) FILTER (_holding IS NOT NULL AND TRY_CAST(_holding AS DOUBLE) IS NULL)
    ] AS _counts
    FROM _ecomsql_given
),
_items AS (
    SELECT
        _code,
        _season,
        _places,
        _values,
        struct_extract(_lead, '_is') AS _lead,
        struct_extract(_stock, '_is') AS _stock,
        struct_extract(_ordering, '_is') AS _ordering,
        struct_extract(_holding, '_is') AS _holding
    FROM _ecomsql_series
    LEFT JOIN _numbers ON _item IS NOT DISTINCT FROM _id
    WHERE _code IS NOT NULL
),
_told AS (
    SELECT
        _plan_inventory(
            {'codes': list(_code), 'places': list(_places), 'values': list(_values), 'seasons': list(_season)},
            list([_lead, _stock, _ordering, _holding]),
            (
                SELECT to_json({
                    'options': {
                        'lead_time': lead_time,
                        'service_level': service_level,
                        'review_period': review_period,
                        'order_cost': order_cost,
                        'holding_cost': holding_cost,
                        'on_hand': on_hand,
                        'lead_time_std': lead_time_std,
                        'method': method,
                        'season': season,
                        'seed': seed
                    },
                    'frequency': frequency,
                    'columns': any_value(_columns),
                    'wrong': any_value(_wrong),
                    'bad_numbers': (SELECT _counts FROM _wrong),
                    'roles': {'item_col': item_col, 'time_col': time_col, 'value_col': value_col}
                })
                FROM _ecomsql_series
            )
        ) AS _answers
    FROM _items
)
SELECT
    _id AS item_id,
    _answer.mean_demand AS mean_demand,
    _answer.demand_std AS demand_std,
    _answer.safety_stock AS safety_stock,
    _answer.reorder_point AS reorder_point,
    _answer.order_quantity AS order_quantity,
    _answer.status AS status
FROM (SELECT unnest(_answers) AS _answer FROM _told)
LEFT JOIN (SELECT _code, _id FROM _ecomsql_series) ON _code = _answer.item
ORDER BY _answer.item;
