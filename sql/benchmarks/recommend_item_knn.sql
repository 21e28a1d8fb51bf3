-- Ten products for every user by item_knn: complete lists of unseen products, most of them from the two departments
-- where the user looks most.
CREATE TEMP TABLE lists AS FROM recommend('events.parquet', k := 10, method := 'item_knn');

WITH departments AS (
    SELECT
        events.user_id,
        items.category,
        row_number() OVER (PARTITION BY events.user_id ORDER BY count(*) DESC, items.category) AS place
    FROM 'events.parquet' AS events
    JOIN 'items.parquet' AS items ON items.item_id = events.item_id
    GROUP BY events.user_id, items.category
),

seen AS (
    SELECT DISTINCT
        user_id,
        item_id
    FROM 'events.parquet'
)

SELECT
    count(*) AS lines,
    count(DISTINCT lists.user_id) AS users,
    count(*) FILTER (WHERE seen.user_id IS NOT NULL) AS seen_before,
    count(*) FILTER (WHERE departments.place <= 2) > 0.6 * count(*) AS mostly_own_departments
FROM lists
JOIN 'items.parquet' AS items ON items.item_id = lists.item_id
LEFT JOIN departments ON departments.user_id = lists.user_id AND departments.category = items.category
LEFT JOIN seen ON seen.user_id = lists.user_id AND seen.item_id = lists.item_id;
