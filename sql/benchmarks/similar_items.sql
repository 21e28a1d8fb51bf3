-- The nearest product of each by cosine, against the same computed in plain SQL.
CREATE TEMP TABLE looks AS
SELECT DISTINCT
    user_id,
    item_id
FROM 'events.parquet';

WITH lengths AS (
    SELECT
        item_id,
        sqrt(count(*)) AS norm
    FROM looks
    GROUP BY item_id
),

cosines AS (
    SELECT
        one.item_id,
        other.item_id AS similar_item_id,
        count(*) AS together
    FROM looks AS one
    JOIN looks AS other ON other.user_id = one.user_id AND other.item_id <> one.item_id
    GROUP BY one.item_id, other.item_id
),

nearest AS (
    SELECT
        cosines.item_id,
        max(cosines.together / (mine.norm * theirs.norm)) AS similarity
    FROM cosines
    JOIN lengths AS mine ON mine.item_id = cosines.item_id
    JOIN lengths AS theirs ON theirs.item_id = cosines.similar_item_id
    GROUP BY cosines.item_id
)

SELECT
    count(*) AS items,
    count(*) FILTER (WHERE abs(found.similarity - nearest.similarity) < 1e-4) AS alike
FROM similar_items(looks, k := 1, similarity := 'cosine') AS found
JOIN nearest ON nearest.item_id = found.item_id;
