-- What an order line costs, from the product and the day: learned on earlier lines, told for later ones, explained.
CREATE TEMP TABLE lines AS
SELECT
    orders.order_id,
    orders.ts,
    orders.quantity,
    items.category,
    items.brand,
    items.unit_cost,
    orders.price
FROM 'orders.parquet' AS orders
INNER JOIN 'items.parquet' AS items ON items.item_id = orders.item_id;

CREATE TEMP TABLE parts AS FROM train_test_split(lines, strategy := 'time');

CREATE TEMP TABLE earlier AS
SELECT
    ts,
    quantity,
    category,
    brand,
    unit_cost,
    price
FROM parts
WHERE split = 'train';

CREATE TEMP TABLE later AS
SELECT
    order_id,
    ts,
    quantity,
    category,
    brand,
    unit_cost,
    price
FROM parts
WHERE split = 'test';

CREATE TEMP TABLE prices AS FROM train_regressor(earlier, 'price', method := 'lightgbm');

CREATE TEMP TABLE scored AS FROM predict(later, model := 'prices');

SELECT
    (
        SELECT value > 0.9 FROM evaluate_regression(scored, actual_col := 'price', predicted_col := 'prediction')
        WHERE metric = 'r2'
    ) AS is_good,
    (SELECT arg_max(feature, importance) FROM feature_importance(prices)) AS what_matters,
    (SELECT count(*) FROM explain(later, model := 'prices', id_col := 'order_id', top := 2))
    = 2 * (SELECT count(*) FROM later) AS all_explained;
