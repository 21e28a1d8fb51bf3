-- Recommend to each user the k items that they are most likely to want next.
--
-- Learns from interactions (events, order lines, clicks, ratings) and answers for every user in them, or for those
-- of `users`. Repeated rows of a user and an item count once, with the sum of their weights; pairs that add up to 0 or
-- less (bought and given back) do not count. Users without history get what is popular, and lists that a method
-- cannot fill end with popular items, at score 0. Rows come ordered by user and rank. Data without a usable row
-- gives no rows. With a time column, what a user did last counts most.
--
-- Arguments:
--   data: interactions: a table, view, CTE, or file name
--   k: how many items a user, at most
--   method: popular, item_knn, user_knn, als, nmf, ease, gfcf or auto, which picks by a validation on the data
--   model: name of a table made by train_recommender; nothing is trained then, and `data` is the history to score
--   users: name of a relation of the users to score (column `user_col`); default: all in `data`; ids that cannot be
--     read as the type of the users in `data` are left out
--   items: name of a relation of item attributes, for the methods that use them (none does yet)
--   exclude_seen: leave out items that the user already has
--   diversity: 0 to 1; how far to trade relevance for variety within a list (maximal marginal relevance)
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
-- Returns: user_id, rank INTEGER, item_id, score DOUBLE
-- Example:
--   FROM recommend('events.parquet', k := 5) LIMIT 10;
CREATE OR REPLACE MACRO recommend(
    data,
    k := 10,
    method := 'auto',
    model := 'ecomsql.internal._nothing',
    users := 'ecomsql.internal._nothing',
    items := 'ecomsql.internal._nothing',
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
WITH
_ecomsql_options AS (
    SELECT {
        'function': 'recommend',
        'method': method,
        'seed': seed,
        'k': k,
        'exclude_seen': exclude_seen,
        'diversity': diversity,
        'users': users,
        'items': items,
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
    } AS _all
),
-- Only the one of the two that is asked for is planned.
_ecomsql_fitted AS (
    FROM ecomsql.main._fitted_lists(
        data, users, user_col, item_col, time_col, weight_col, (SELECT _all FROM _ecomsql_options)
    )
),
_ecomsql_stored AS (
    FROM ecomsql.main._stored_lists(
        data, model, users, user_col, item_col, time_col, weight_col, '_ecomsql_options'
    )
)
FROM query_table(if(model::VARCHAR = 'ecomsql.internal._nothing', '_ecomsql_fitted', '_ecomsql_stored'))
ORDER BY user_id, rank;
