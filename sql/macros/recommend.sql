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
--   users: name of a relation of the users to score (column `user_col`); default: all in `data`
--   items: name of a relation of item attributes, for the methods that use them
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
    model := 'ecomsql.main._nothing',
    users := 'ecomsql.main._nothing',
    items := 'ecomsql.main._nothing',
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
-- What the user names is read first, so that no name below can stand in for it.
_ecomsql_columns AS (FROM ecomsql.main._columns(data)),
_ecomsql_user_columns AS (FROM ecomsql.main._columns(users)),
_ecomsql_wanted AS (FROM ecomsql.main._users(users, user_col)),
_ecomsql_model AS MATERIALIZED (
    SELECT _load_recommender(_blob, _rows, to_json({'function': 'recommend', 'model': model})) AS _loaded
    FROM ecomsql.main._model_row(model)
),
_events AS MATERIALIZED (
    FROM ecomsql.main._interactions(data, user_col, item_col, time_col, weight_col)
),
_people AS MATERIALIZED (
    SELECT _user, (row_number() OVER (ORDER BY _user) - 1)::INTEGER AS _code
    FROM (SELECT DISTINCT _user FROM _events)
),
-- Items have the codes of the model, if there is one, and else their rank.
_catalogue AS MATERIALIZED (
    SELECT _item, (row_number() OVER (ORDER BY _item) - 1)::INTEGER AS _code
    FROM (SELECT DISTINCT _item FROM _events)
    WHERE (SELECT _loaded IS NULL FROM _ecomsql_model)
    UNION ALL
    SELECT cast_to_type(_text, (SELECT any_value(_item) FROM _events)), _code
    FROM (
        SELECT
            unnest(_loaded.items) AS _text,
            (generate_subscripts(_loaded.items, 1) - 1)::INTEGER AS _code
        FROM _ecomsql_model
    )
),
_pairs AS (
    SELECT
        _people._code AS _u,
        _catalogue._code AS _i,
        max(_time) AS _t,
        sum(_weight) AS _w
    FROM _events
    JOIN _people USING (_user)
    JOIN _catalogue USING (_item)
    GROUP BY ALL
),
_session AS MATERIALIZED (
    SELECT
        _open_recommender(
            list(_u),
            list(_i),
            list(_t),
            list(_w),
            (SELECT count(*) FROM _people)::INTEGER,
            (SELECT count(*) FROM _catalogue)::INTEGER,
            (SELECT _loaded.handle FROM _ecomsql_model),
            to_json({
                'function': 'recommend',
                'columns': (SELECT _names FROM _ecomsql_columns),
                'users': users,
                'user_columns': (SELECT _names FROM _ecomsql_user_columns),
                'items': items,
                'roles': {
                    'user_col': user_col, 'item_col': item_col, 'time_col': time_col, 'weight_col': weight_col
                },
                'k': k,
                'method': method,
                'exclude_seen': exclude_seen,
                'diversity': diversity,
                'seed': seed,
                'options': {
                    'similarity': similarity,
                    'neighbours': neighbours,
                    'factors': factors,
                    'iterations': iterations,
                    'regularization': regularization,
                    'alpha': alpha,
                    'recency': recency,
                    'feedback': feedback
                }
            })
        ) AS _handle
    FROM _pairs
),
_asked AS (
    SELECT _user, _code FROM _people
    WHERE users = 'ecomsql.main._nothing'
    UNION ALL
    SELECT _typed._user, coalesce(_people._code, -1)
    FROM (SELECT cast_to_type(_user, (SELECT any_value(_user) FROM _people)) AS _user FROM _ecomsql_wanted) AS _typed
    LEFT JOIN _people ON _people._user = _typed._user
),
_hits AS (
    SELECT _user, _code, unnest(_ranked((SELECT _handle FROM _session), _code)) AS _hit
    FROM _asked
)
SELECT
    _hits._user AS user_id,
    _hits._hit.rank AS rank,
    _catalogue._item AS item_id,
    _hits._hit.score AS score
FROM _hits
JOIN _catalogue ON _catalogue._code = _hits._hit.code
ORDER BY _hits._user, _hits._hit.rank;
