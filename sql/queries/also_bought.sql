-- Customers who bought this also bought: which three products go with each of the best sellers?
WITH sold AS (
    SELECT
        user_id,
        item_id,
        ts
    FROM 'orders.parquet'
    WHERE quantity > 0
),

best_sellers AS (
    SELECT
        item_id,
        count(DISTINCT user_id) AS buyers
    FROM sold
    GROUP BY item_id
    ORDER BY buyers DESC, item_id
    LIMIT 4
)

SELECT
    this.name AS product,
    best_sellers.buyers,
    near.rank,
    other.name AS also_bought,
    round(near.similarity, 3) AS similarity
FROM similar_items(sold, k := 3) AS near
JOIN best_sellers ON best_sellers.item_id = near.item_id
JOIN 'items.parquet' AS this ON this.item_id = near.item_id
JOIN 'items.parquet' AS other ON other.item_id = near.similar_item_id
ORDER BY best_sellers.buyers DESC, product, near.rank;
