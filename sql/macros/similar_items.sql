-- Find the k items nearest to each item.
--
-- Nearest by what users do: with item_knn and user_knn the similarity of the rows of interactions, with als, nmf and
-- gfcf the cosine of the latent factors, with ease the weights between items. An item is never its own neighbour.
-- Rows come ordered by item and rank; an item that nothing is near to has no rows.
--
-- Arguments:
--   data: interactions: a table, view, CTE, or file name
--   k: how many neighbours an item, at most
--   method: item_knn, als, nmf, ease or gfcf
--   model: name of a table made by train_recommender, for a method that has items to compare
--   seed: same data, options and seed give the same answer
--   user_col: column of users
--   item_col: column of items
--   time_col: column of times, dates or any order; default: `ts` when there
--   weight_col: column of weights; default: 1 a row; a column called `rating` is taken as explicit feedback
--   similarity: item_knn and user_knn: cosine, pearson, euclidean, jaccard, bm25; default here: cosine
--   neighbours: item_knn and user_knn: how many neighbours count
--   factors: als, nmf and gfcf: how many latent factors
--   iterations: als and nmf: how many passes
--   regularization: als, nmf and ease: strength of the penalty
--   alpha: als: how much confidence a unit of weight adds
--   recency: 0 to 1: an interaction counts this much less for each step back in the user's history; 1 is off
--   feedback: implicit or explicit; default: explicit for a weight column called `rating`
-- Returns: item_id, rank INTEGER, similar_item_id, similarity DOUBLE
-- Example:
--   FROM similar_items('events.parquet', k := 3) LIMIT 6;
CREATE OR REPLACE MACRO similar_items(
    data,
    k := 10,
    method := 'item_knn',
    model := 'ecomsql.internal._nothing',
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
        data, 'ecomsql.internal._nothing', model, user_col, item_col, time_col, weight_col,
        {
            'function': 'similar_items',
            'method': method,
            'seed': seed,
            'k': k,
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
_things AS (SELECT _item, _code FROM _session WHERE _kind = 'item'),
_hits AS (
    SELECT _item, unnest(_ranked((SELECT _handle FROM _session WHERE _kind = 'handle'), _code)) AS _hit
    FROM _things
)
SELECT _hits._item AS item_id, _hit.rank AS rank, _things._item AS similar_item_id, _hit.score AS similarity
FROM _hits
JOIN _things ON _things._code = _hit.code
ORDER BY item_id, rank;
