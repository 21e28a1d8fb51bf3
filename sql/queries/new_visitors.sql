-- How does the shop answer visitors that the model has never seen? Train once on the year up to October, keep the
-- model as a table, and let it score the users who came later from their first clicks.
CREATE OR REPLACE TEMP TABLE autumn_model AS
WITH before AS (
    SELECT
        user_id,
        item_id,
        ts
    FROM 'events.parquet'
    WHERE ts < TIMESTAMP '2025-10-01'
)

FROM train_recommender(before, method := 'item_knn');

WITH newcomers AS (
    SELECT
        user_id,
        item_id,
        ts
    FROM 'events.parquet'
    QUALIFY min(ts) OVER (PARTITION BY user_id) >= TIMESTAMP '2025-10-01'
),

looked_at AS (
    SELECT
        user_id,
        arg_max(item_id, ts) AS item_id
    FROM newcomers
    GROUP BY user_id
)

SELECT
    top.user_id,
    seen.name AS last_seen,
    top.rank,
    items.name AS recommended,
    round(top.score, 3) AS score
FROM recommend(newcomers, k := 2, model := 'autumn_model') AS top
JOIN looked_at ON looked_at.user_id = top.user_id
JOIN 'items.parquet' AS seen ON seen.item_id = looked_at.item_id
JOIN 'items.parquet' AS items ON items.item_id = top.item_id
ORDER BY top.user_id, top.rank
LIMIT 10;
