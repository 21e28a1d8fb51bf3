-- Who of a month's visitors will order in the next one, and can the probabilities be trusted? Learned from earlier
-- months; the last one that is known shows, fifth by fifth, what the model said and what happened.
WITH
months AS (
    SELECT
        user_id,
        date_trunc('month', ts) AS month,
        count(*) AS events,
        count(*) FILTER (event_type = 'cart') AS carts,
        count(*) FILTER (event_type = 'purchase') AS purchases,
        count(DISTINCT session_id) AS sessions,
        count(DISTINCT item_id) AS items,
        avg(price) AS mean_price,
        max(ts) - date_trunc('month', max(ts)) AS last_seen
    FROM 'events.parquet'
    GROUP BY ALL
),

known AS (
    SELECT
        months.*,
        users.country,
        users.age_band,
        users.signup,
        later.user_id IS NOT NULL AS orders_next_month
    FROM months
    JOIN 'users.parquet' AS users ON users.user_id = months.user_id
    LEFT JOIN months AS later
        ON
            later.user_id = months.user_id
            AND later.month = months.month + INTERVAL 1 MONTH
            AND later.purchases > 0
),

final AS (
    SELECT max(month) AS final_month
    FROM known
),

past AS (
    SELECT * EXCLUDE (user_id, month)
    FROM known
    WHERE month < (SELECT final_month - INTERVAL 2 MONTH FROM final)
),

latest AS (
    SELECT *
    FROM known
    WHERE month = (SELECT final_month - INTERVAL 1 MONTH FROM final)
),

m AS (FROM train_classifier(past, 'orders_next_month', method := 'lightgbm')),

answers AS (
    SELECT
        probability,
        orders_next_month,
        ntile(5) OVER (ORDER BY probability DESC) AS fifth
    FROM predict(latest, model := 'm')
)

SELECT
    fifth,
    count(*) AS visitors,
    round(avg(probability), 3) AS said,
    round(avg(orders_next_month::INTEGER), 3) AS happened
FROM answers
GROUP BY fifth
ORDER BY fifth;
