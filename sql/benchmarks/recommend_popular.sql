-- Ten popular products for every user: complete lists, nothing seen before, products and ranks distinct.
CREATE TEMP TABLE lists AS FROM recommend('events.parquet', k := 10, method := 'popular');

WITH seen AS (
    SELECT DISTINCT
        user_id,
        item_id
    FROM 'events.parquet'
)

SELECT
    count(*) AS lines,
    count(DISTINCT lists.user_id) AS users,
    count(DISTINCT 1000 * lists.user_id + lists.rank) AS ranks,
    count(DISTINCT 1000 * lists.user_id + lists.item_id) AS products,
    count(*) FILTER (WHERE seen.user_id IS NOT NULL) AS seen_before
FROM lists
LEFT JOIN seen ON seen.user_id = lists.user_id AND seen.item_id = lists.item_id;
