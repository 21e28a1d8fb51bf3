-- Five users near to each: mostly people of the same taste, seen by the department they look at most.
WITH looks AS (
    SELECT
        events.user_id,
        items.category,
        count(*) AS times
    FROM 'events.parquet' AS events
    JOIN 'items.parquet' AS items ON items.item_id = events.item_id
    GROUP BY events.user_id, items.category
),

favourites AS (
    SELECT
        user_id,
        first(category ORDER BY times DESC, category) AS category
    FROM looks
    GROUP BY user_id
)

SELECT
    max(near.rank) AS last_rank,
    count(DISTINCT near.user_id) > 1900 AS nearly_everybody,
    avg((mine.category = theirs.category)::INT) > 0.4 AS alike
FROM similar_users('events.parquet', k := 5) AS near
JOIN favourites AS mine ON mine.user_id = near.user_id
JOIN favourites AS theirs ON theirs.user_id = near.similar_user_id;
