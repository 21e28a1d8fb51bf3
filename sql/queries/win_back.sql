-- Whom should the shop write to, and about what? Good customers who have not bought for 90 days, each with the
-- product they are most likely to want now and what it costs today.
WITH today AS (
    SELECT max(ts) AS now
    FROM 'orders.parquet'
),

customers AS (
    SELECT
        user_id,
        count(DISTINCT order_id) AS orders,
        sum(price * quantity) AS spent,
        max(ts) FILTER (WHERE quantity > 0) AS last_order
    FROM 'orders.parquet'
    GROUP BY user_id
),

silent AS (
    SELECT
        customers.user_id,
        customers.orders,
        customers.spent,
        date_diff('day', customers.last_order, today.now) AS days_silent
    FROM customers
    CROSS JOIN today
    WHERE customers.orders >= 3 AND customers.last_order < today.now - INTERVAL 90 DAY
    ORDER BY customers.spent DESC, customers.user_id
    LIMIT 10
),

prices_now AS (
    SELECT
        item_id,
        arg_max(price, ts) AS price
    FROM 'prices.parquet'
    GROUP BY item_id
)

SELECT
    silent.user_id,
    users.country,
    silent.orders,
    round(silent.spent, 2) AS spent,
    silent.days_silent,
    items.name AS offer,
    prices_now.price
FROM recommend('events.parquet', k := 1, users := 'silent') AS offer
JOIN silent ON silent.user_id = offer.user_id
JOIN 'users.parquet' AS users ON users.user_id = offer.user_id
JOIN 'items.parquet' AS items ON items.item_id = offer.item_id
JOIN prices_now ON prices_now.item_id = offer.item_id
ORDER BY silent.spent DESC, silent.user_id;
