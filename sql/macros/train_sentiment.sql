-- Train a model that tells whether a review praises or blames, from ratings or labels, and return it as a row.
--
-- Keep the row in a table, and give its name to review_sentiment as `model`. Ratings up to 2 of 5 are negative, from 3.5 of
-- 5 on positive, between them neutral; the scale is 5, 10 or 100, whichever no rating exceeds. Labels are 0 and 1, true and
-- false, -1, 0 and 1, or negative, neutral and positive (also 差评, 中评, 好评). An opinion that fewer than ten reviews have is
-- not learned. English, Chinese and other scripts may be mixed. Every review is classified once by models that have not seen
-- it, and `metrics` has the figures of that; probabilities are calibrated on them. Rows without an id, a text or a label
-- take no part; of more than 50,000, as many are drawn, and of each the first 10,000 characters count.
--
-- Arguments:
--   data: reviews: a table, view, CTE, or file name
--   label_col: column of labels
--   rating_col: column of ratings, for where there are no labels; default: `rating` when there
--   method: linear (logistic regression of TF-IDF over words, pairs of words, and up to three ideographs), bayes (logistic
--     regression of naive Bayes ratios), network (embeddings of terms, learned further, and a hidden layer), or auto, which
--     blends those that help, and the built-in lexicon
--   text_col: column of texts
--   id_col: column that says which review it is
--   seed: same data, options and seed give the same model
-- Returns: model BLOB, task VARCHAR, method VARCHAR, trained_at TIMESTAMPTZ, rows BIGINT, options JSON,
--   metrics JSON, version VARCHAR
-- Example:
--   SELECT method, rows, metrics->'validation' AS validation FROM train_sentiment('reviews.parquet', method := 'linear');
CREATE OR REPLACE MACRO train_sentiment(
    data,
    label_col := NULL,
    rating_col := NULL,
    method := 'auto',
    text_col := 'text',
    id_col := 'review_id',
    seed := 42
) AS TABLE
WITH
_ecomsql_columns AS (FROM ecomsql.main._columns(data)),
_ecomsql_labelled AS (
    FROM ecomsql.main._labelled_reviews(data, id_col, text_col, label_col, rating_col, true)
),
_trained AS (
    SELECT
        _store_sentiment(
            _texts,
            _labels,
            to_json({
                'options': {'method': method, 'seed': seed},
                'id_col': id_col,
                'text_col': text_col,
                'label_col': label_col,
                'rating_col': rating_col,
                'columns': (SELECT _names FROM _ecomsql_columns)
            })
        ) AS _row
    FROM _ecomsql_labelled
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
