-- Find out what reviews are about: a row for each review and topic of it, with the share of the review's words.
--
-- Topics are found, not given: sets of words that go together, which topic_words shows. They are numbered from 1, the
-- one with the most words first. Rows of a review come by falling weight; its weights add up to 1, but for topics below
-- `min_weight`, which are left out; the greatest one never is. English, Chinese and other scripts may be mixed; words
-- without meaning of their own, numbers, and words in more than half of the reviews do not count. A review without any
-- known word has no rows. Rows without an id or a text take no part. Without a model, topics are learned from the
-- reviews at hand, up to 50,000 different texts, and kept in memory for the next call; to compare days, train once with
-- train_topics and give the `model`.
--
-- Arguments:
--   data: reviews: a table, view, CTE, or file name
--   topics: how many, 1 to 500; NULL: tries some from 2 to 50 and takes, of those that foretell held-out reviews nearly
--     as well as the best one, the one whose topics are the most coherent. A model has its own
--   method: lda (latent Dirichlet allocation) or nmf (non-negative matrix factorisation of TF-IDF)
--   model: name of a table made by train_topics; then nothing is learned
--   min_weight: share from which on a topic has a row, 0 to 1; 0: every topic has
--   text_col: column of texts
--   id_col: column that says which review it is
--   seed: same data, options and seed give the same answer
-- Returns: review_id, topic INTEGER, weight DOUBLE
-- Example:
--   FROM review_topics('reviews.parquet', topics := 5) LIMIT 10;
CREATE OR REPLACE MACRO review_topics(
    data,
    topics := 10,
    method := 'lda',
    model := 'ecomsql.internal._nothing',
    min_weight := 0.01,
    text_col := 'text',
    id_col := 'review_id',
    seed := 42
) AS TABLE
WITH
_ecomsql_model AS MATERIALIZED (
    FROM ecomsql.main._topic_model(
        data, model, id_col, text_col,
        {
            'function': 'review_topics',
            'method': method,
            'topics': topics,
            'min_weight': min_weight,
            'seed': seed
        }
    )
),
_ecomsql_told AS (
    SELECT _id, _topics_of((SELECT _handle FROM _ecomsql_model), _text, TRY_CAST(min_weight AS DOUBLE)) AS _shares
    FROM ecomsql.main._reviews(data, id_col, text_col)
)
SELECT _id AS review_id, _share.topic AS topic, _share.weight AS weight
FROM (SELECT _id, unnest(_shares) AS _share FROM _ecomsql_told)
ORDER BY _id, _share.weight DESC, _share.topic;
