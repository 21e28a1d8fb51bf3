-- A stored model gives the lists that training on the spot gives.
CREATE TEMP TABLE stored AS FROM train_recommender('events.parquet', method := 'item_knn');

SELECT
    (SELECT method FROM stored) AS method,
    count(*) AS lines,
    count(*) FILTER (WHERE spot.item_id IS DISTINCT FROM kept.item_id) AS different
FROM recommend('events.parquet', k := 5, method := 'item_knn') AS spot
LEFT JOIN recommend('events.parquet', k := 5, model := 'stored') AS kept
    ON kept.user_id = spot.user_id AND kept.rank = spot.rank;
