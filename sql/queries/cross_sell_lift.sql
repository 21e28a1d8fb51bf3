-- Which pairs of products belong together on a product page? Neighbours by baskets, with how often they are bought
-- in one order, and the lift: how many times more often than if the two had nothing to do with each other.
WITH baskets AS (
    SELECT DISTINCT
        order_id,
        item_id
    FROM 'orders.parquet'
    WHERE quantity > 0
),

total AS (
    SELECT count(DISTINCT order_id) AS orders
    FROM baskets
),

sales AS (
    SELECT
        item_id,
        count(*) AS orders
    FROM baskets
    GROUP BY item_id
),

pairs AS (
    SELECT
        near.item_id,
        near.similar_item_id,
        count(*) AS together
    FROM similar_items(baskets, k := 1, user_col := 'order_id') AS near
    JOIN baskets AS one ON one.item_id = near.item_id
    JOIN baskets AS other ON other.item_id = near.similar_item_id AND other.order_id = one.order_id
    WHERE near.item_id < near.similar_item_id
    GROUP BY near.item_id, near.similar_item_id
)

SELECT
    one.name AS product,
    other.name AS partner,
    pairs.together,
    round(pairs.together / sales.orders, 2) AS confidence,
    round(pairs.together * total.orders / (sales.orders * partner_sales.orders), 1) AS lift
FROM pairs
CROSS JOIN total
JOIN sales ON sales.item_id = pairs.item_id
JOIN sales AS partner_sales ON partner_sales.item_id = pairs.similar_item_id
JOIN 'items.parquet' AS one ON one.item_id = pairs.item_id
JOIN 'items.parquet' AS other ON other.item_id = pairs.similar_item_id
ORDER BY pairs.together DESC, product
LIMIT 10;
