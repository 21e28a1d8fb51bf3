-- Methods measured on the last product of every user: item_knn clears the bar of popularity.
CREATE TEMP TABLE figures AS
FROM evaluate_recommender('events.parquet', k := 10, method := ['popular', 'item_knn']);

SELECT
    count(DISTINCT method) AS methods,
    max(value) FILTER (WHERE metric = 'users') AS users,
    max(value) FILTER (WHERE metric = 'ndcg' AND method = 'item_knn')
    > 1.5 * max(value) FILTER (WHERE metric = 'ndcg' AND method = 'popular') AS clears_the_bar
FROM figures;
