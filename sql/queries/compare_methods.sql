-- Which method recommends best here? Each is fitted without the last product that every user looked at, and has to
-- find it among all products the user has not seen. Popularity is the bar to clear.
PIVOT (
    SELECT
        method,
        metric,
        round(value, 4) AS value
    FROM evaluate_recommender('events.parquet', k := 10, method := ['popular', 'item_knn', 'als', 'ease'])
    WHERE metric IN ('hit_rate', 'ndcg', 'mrr', 'coverage', 'novelty', 'users')
)
ON metric IN ('hit_rate', 'ndcg', 'mrr', 'coverage', 'novelty', 'users')
USING first(value)
GROUP BY method
ORDER BY ndcg DESC, method;
