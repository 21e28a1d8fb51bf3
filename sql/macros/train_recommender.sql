-- Train a recommender and return it as a row: keep it in a table, and give its name to recommend as `model`.
--
-- The blob holds weights and metadata only; loading one never runs code. It scores users and events that it has never
-- seen. `metrics` says what the training found; with method auto, which method was picked and why. Data
-- without a usable row is an error.
--
-- Arguments:
--   data: interactions: a table, view, CTE, or file name
--   method: popular, item_knn, user_knn, als, nmf, ease, gfcf or auto, which picks by a validation on the data
--   seed: same data, options and seed give the same model
--   user_col: column of users
--   item_col: column of items
--   time_col: column of times, dates or any order; default: `ts` when there
--   weight_col: column of weights; default: 1 a row; a column called `rating` is taken as explicit feedback
--   similarity: item_knn and user_knn: cosine, pearson, euclidean, jaccard, bm25 or auto
--   neighbours: item_knn and user_knn: how many neighbours count
--   factors: als, nmf and gfcf: how many latent factors
--   iterations: als and nmf: how many passes
--   regularization: als, nmf and ease: strength of the penalty
--   alpha: als: how much confidence a unit of weight adds
--   recency: 0 to 1: an interaction counts this much less for each step back in the user's history; 1 is off
--   feedback: implicit or explicit; default: explicit for a weight column called `rating`
-- Returns: model BLOB, task VARCHAR, method VARCHAR, trained_at TIMESTAMPTZ, rows BIGINT, options JSON,
--   metrics JSON, version VARCHAR
-- Example:
--   SELECT task, method, rows FROM train_recommender('events.parquet', method := 'item_knn');
CREATE OR REPLACE MACRO train_recommender(
    data,
    method := 'auto',
    seed := 42,
    user_col := 'user_id',
    item_col := 'item_id',
    time_col := NULL,
    weight_col := NULL,
    similarity := NULL,
    neighbours := NULL,
    factors := NULL,
    iterations := NULL,
    regularization := NULL,
    alpha := NULL,
    recency := NULL,
    feedback := NULL
) AS TABLE
WITH
_session AS MATERIALIZED (
    FROM ecomsql.main._recommender(
        data, 'ecomsql.internal._nothing', 'ecomsql.internal._nothing', user_col, item_col, time_col, weight_col,
        {
            'function': 'train_recommender',
            'method': method,
            'seed': seed,
            'method_options': {
                'similarity': similarity,
                'neighbours': neighbours,
                'factors': factors,
                'iterations': iterations,
                'regularization': regularization,
                'alpha': alpha,
                'recency': recency,
                'feedback': feedback
            }
        }
    )
),
_trained AS (
    SELECT
        _store_recommender(
            (SELECT _handle FROM _session WHERE _kind = 'handle'), list(_item::VARCHAR ORDER BY _code)
        ) AS _row
    FROM _session
    WHERE _kind = 'item'
)
SELECT
    _row.model AS model,
    _row.task AS task,
    _row.method AS method,
    now() AS trained_at,
    _row.rows AS rows,
    _row.options::JSON AS options,
    _row.metrics::JSON AS metrics,
    _row.version AS version
FROM _trained;
