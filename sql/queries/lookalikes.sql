-- Who is like our coffee lovers? A seed list of the ten customers who bought the most coffee things, and the users
-- outside the list who behave most like them: an audience for the next campaign.
WITH coffee AS (
    SELECT
        orders.user_id,
        count(*) AS lines
    FROM 'orders.parquet' AS orders
    JOIN 'items.parquet' AS items ON items.item_id = orders.item_id
    WHERE items.category = 'Coffee' AND orders.quantity > 0
    GROUP BY orders.user_id
),

seeds AS (
    SELECT user_id
    FROM coffee
    ORDER BY lines DESC, user_id
    LIMIT 10
)

SELECT
    near.similar_user_id AS user_id,
    count(*) AS near_to_seeds,
    round(sum(near.similarity), 3) AS affinity,
    coalesce(any_value(coffee.lines), 0) AS coffee_lines_so_far,
    any_value(users.country) AS country
FROM similar_users('events.parquet', k := 30) AS near
JOIN seeds ON seeds.user_id = near.user_id
JOIN 'users.parquet' AS users ON users.user_id = near.similar_user_id
LEFT JOIN coffee ON coffee.user_id = near.similar_user_id
WHERE near.similar_user_id NOT IN (FROM seeds)
GROUP BY near.similar_user_id
ORDER BY affinity DESC, user_id
LIMIT 10;
