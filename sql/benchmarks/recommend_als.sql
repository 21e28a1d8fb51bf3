-- Five products for every user by als, on a third of the users: complete lists, the same for any order of the rows.
CREATE TEMP TABLE looks AS
SELECT
    user_id,
    item_id,
    ts
FROM 'events.parquet'
WHERE user_id % 3 = 0;

CREATE TEMP TABLE shuffled AS
SELECT
    user_id,
    item_id,
    ts
FROM looks
ORDER BY hash(ts, item_id);

SELECT
    count(*) AS lines,
    count(DISTINCT one.user_id) AS users,
    count(*) FILTER (WHERE one.item_id IS DISTINCT FROM other.item_id) AS different
FROM recommend(looks, k := 5, method := 'als', factors := 16) AS one
LEFT JOIN recommend(shuffled, k := 5, method := 'als', factors := 16) AS other
    ON other.user_id = one.user_id AND other.rank = one.rank;
