-- Choose the price of each item that earns most, by what its demand has been at the prices that it had.
--
-- One row for each item, ordered by item. The current price is that of the item's last rows by time, or its middle price
-- where there are no times. The optimal price is the best of those within max_change of it and within the prices that the
-- item has had. Expected quantity, revenue and profit are of a row of the data (a day, a week, a store's week) at the
-- optimal price, other things as they were on average. `lift` is the expected gain of the objective over the current price,
-- as a share: .1 is ten percent. Rows of quantity 0 count; rows whose price is not above 0, whose quantity is below 0, or
-- that lack something, take no part. `status` is 'ok' where the gain is certain at `level` and no bound is in the way, or
-- the price best as it is; else the first of these that is so. Nothing to choose by: 'no usable rows', 'no cost',
-- 'no price variation', 'no price variation beside the controls', 'sold at some prices only', 'too few rows',
-- 'nothing sold', 'demand does not fall with the price' (the price stays). Of the price: 'sold at or below cost now',
-- 'no other price allowed', 'gain not certain' (its interval reaches below 0; with lift_quantile, `lift` is an end of it),
-- 'gain not certain, so the price stays', 'at the highest price allowed', 'inelastic: at the highest price allowed',
-- 'at the lowest price allowed'. Of the elasticity: 'little price variation', 'elasticity of other items' (shrunk to theirs,
-- as price_elasticity has it). The same call again does not compute again.
--
-- Arguments:
--   data: a table, view, CTE, or file name: a row for each price and what was sold at it
--   unit_cost: what a piece of every item costs
--   cost_col: column of costs of a piece, of which the last known one counts
--   objective: profit, which needs a cost, or revenue
--   max_change: share of the current price by which it may change
--   method: model of demand: loglinear (an elasticity an item, by Poisson regression, shrunk), tree (steps, item by item),
--     lightgbm (trees over all items), neither of which rises with the price, or auto: what is nearest to held-out rows,
--     the last by time; loglinear unless another is clearly nearer
--   item_col: column of items; NULL: all rows are one
--   price_col: column of prices
--   quantity_col: column of quantities
--   time_col: column of times; default: 'ts' where there is one
--   controls: columns of what else moves demand, as for price_elasticity
--   category_col: column of categories, toward which elasticities are shrunk
--   season: true: a line over time and the months of the year are controls too
--   extrapolate: true: also prices that the item has not had
--   min_price: the least price
--   max_price: the highest price
--   price_step: what prices are multiples of; NULL: any price
--   price_ending: what prices end on, a number or several: 0.99, [0.49, 0.99]; 9 and 99 are the last digits of whole prices
--   level: of the interval of the gain
--   lift_quantile: which quantile of the gain `lift` is: .05 and .95 are the ends of an interval of 90 %
--   cautious: true: a price stays where the interval of its gain reaches below 0
--   seed: same data, options and seed give the same answer
-- Returns: item_id, current_price DOUBLE, optimal_price DOUBLE, expected_quantity DOUBLE, expected_revenue DOUBLE, expected_profit DOUBLE, lift DOUBLE, elasticity DOUBLE, status VARCHAR
-- Example:
--   FROM optimize_price('prices.parquet', objective := 'revenue', method := 'loglinear') ORDER BY lift DESC LIMIT 8;
CREATE OR REPLACE MACRO optimize_price(
    data,
    unit_cost := NULL,
    cost_col := NULL,
    objective := 'profit',
    max_change := 0.3,
    method := 'auto',
    item_col := 'item_id',
    price_col := 'price',
    quantity_col := 'quantity',
    time_col := NULL,
    controls := [],
    category_col := NULL,
    season := false,
    extrapolate := false,
    min_price := NULL,
    max_price := NULL,
    price_step := 0.01,
    price_ending := NULL,
    level := 0.9,
    lift_quantile := 0.5,
    cautious := false,
    seed := 42
) AS TABLE
WITH
_ecomsql_lists AS (
    FROM ecomsql.main._price_lists(
        data, item_col, price_col, quantity_col, category_col, coalesce(time_col, 'ts'), cost_col, controls
    )
),
_told AS (
    SELECT
        _ecomsql_items AS _items,
        _optimal_prices(
            to_json({
                'unit_cost': unit_cost,
                'objective': objective,
                'max_change': max_change,
                'method': method,
                'season': season,
                'extrapolate': extrapolate,
                'min_price': min_price,
                'max_price': max_price,
                'price_step': price_step,
                'price_ending': price_ending,
                'level': level,
                'lift_quantile': lift_quantile,
                'cautious': cautious,
                'seed': seed,
                'time_col': time_col
            })::VARCHAR,
            *COLUMNS(lambda _c: _c != '_ecomsql_items')
        ) AS _answers
    FROM _ecomsql_lists
)
SELECT
    _item AS item_id,
    _answer.current_price AS current_price,
    _answer.optimal_price AS optimal_price,
    _answer.expected_quantity AS expected_quantity,
    _answer.expected_revenue AS expected_revenue,
    _answer.expected_profit AS expected_profit,
    _answer.lift AS lift,
    _answer.elasticity AS elasticity,
    _answer.status AS status
FROM (SELECT unnest(_items) AS _item, unnest(_answers) AS _answer FROM _told);
