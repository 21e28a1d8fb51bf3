-- Estimate the price elasticity of each item: the change of demand in percent when the price goes up by one percent.
--
-- One row for each item, ordered by item: the slope of the log of quantities over the log of prices, its standard error
-- and interval, r2 of the item's own regression and its rows n. A row of data is what was sold at a price in a day,
-- week or store; add order lines up before, and where nothing was sold at a price, have a row of quantity 0 (for method
-- poisson): without those, demand seems to answer less than it does. Rows whose price or quantity is NULL, infinite or
-- not above 0 have no log and take no part, nor do rows that lack a control. An item of which the data says little is
-- shrunk toward its category, or toward all items, by what is between items and what is error (empirical Bayes); that
-- takes five items with an elasticity of their own. `status` is 'ok', or says what the item lacks and whose elasticity
-- is given: 'shrunk to ...' where less than half is the item's own, 'that of ...' where nothing is. An elasticity that
-- cannot be told is NULL.
--
-- Arguments:
--   data: a table, view, CTE, or file name: a row for each price and what was sold at it
--   item_col: column of items; NULL: all rows are one
--   price_col: column of prices
--   quantity_col: column of quantities
--   controls: columns of what else moves demand: numbers, times, or texts, of which each value counts by itself
--   category_col: column of categories, toward which items are shrunk; an item is of the one that most of its rows say
--   season: true: a line over time and the months of the year are controls too
--   shrink: false: each item by itself, by ordinary least squares
--   robust: true: standard errors for residuals that spread unevenly (HC1)
--   method: loglog, or poisson: the log of expected quantities is a line, and rows of quantity 0 take part
--   level: of the intervals
--   time_col: column of times, for season; default: 'ts' where there is one
-- Returns: item_id, elasticity DOUBLE, std_error DOUBLE, lower DOUBLE, upper DOUBLE, r2 DOUBLE, n BIGINT, status VARCHAR
-- Example:
--   FROM price_elasticity('prices.parquet') ORDER BY elasticity LIMIT 8;
CREATE OR REPLACE MACRO price_elasticity(
    data,
    item_col := 'item_id',
    price_col := 'price',
    quantity_col := 'quantity',
    controls := [],
    category_col := NULL,
    season := false,
    shrink := true,
    robust := false,
    method := 'loglog',
    level := 0.95,
    time_col := NULL
) AS TABLE
WITH
_ecomsql_lists AS (
    FROM ecomsql.main._price_lists(
        data, item_col, price_col, quantity_col, category_col,
        CASE WHEN season::VARCHAR = 'true' OR time_col IS NOT NULL THEN coalesce(time_col, 'ts') END, NULL, controls
    )
),
_told AS (
    SELECT
        _ecomsql_items AS _items,
        _price_elasticities(
            to_json({'season': season, 'shrink': shrink, 'robust': robust, 'method': method, 'level': level})::VARCHAR,
            *COLUMNS(lambda _c: _c != '_ecomsql_items')
        ) AS _answers
    FROM _ecomsql_lists
)
SELECT
    _item AS item_id,
    _answer.elasticity AS elasticity,
    _answer.std_error AS std_error,
    _answer.lower AS lower,
    _answer.upper AS upper,
    _answer.r2 AS r2,
    _answer.n AS n,
    _answer.status AS status
FROM (SELECT unnest(_items) AS _item, unnest(_answers) AS _answer FROM _told);
