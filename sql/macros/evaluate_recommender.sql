-- Measure how well methods recommend, on interactions held out before anything is fitted.
--
-- Pairs of user and item are held out whole, so that no event of a test pair is left in training. Every item that the
-- user does not have in training competes (no sampling of negatives). The figures are means over the users with
-- something held out.
--
-- Arguments:
--   data: interactions: a table, view, CTE, or file name
--   k: length of the lists
--   method: one method, or a list of them: popular, item_knn, user_knn, als, nmf, ease, gfcf, auto
--   split: leave_last_out (the last item of each user), temporal (the latest fifth) or random (a fifth)
--   test: name of a relation of held-out interactions, instead of a split
--   exclude_seen: leave out items that the user has in training
--   diversity: 0 to 1; as in recommend
--   seed: same data, options and seed give the same answer
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
-- Returns: method VARCHAR, metric VARCHAR, value DOUBLE
-- Example:
--   FROM evaluate_recommender('events.parquet', method := ['popular', 'item_knn']) WHERE metric = 'ndcg';
CREATE OR REPLACE MACRO evaluate_recommender(
    data,
    k := 10,
    method := 'auto',
    split := 'leave_last_out',
    test := 'ecomsql.internal._nothing',
    exclude_seen := true,
    diversity := 0.0,
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
SELECT
    unnest(_evaluated(_handle), recursive := true)
FROM (
    FROM ecomsql.main._recommender(
        data, test, 'ecomsql.internal._nothing', user_col, item_col, time_col, weight_col,
        {
            'function': 'evaluate_recommender',
            'method': method,
            'seed': seed,
            'k': k,
            'split': split,
            'exclude_seen': exclude_seen,
            'diversity': diversity,
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
)
WHERE _kind = 'handle';
