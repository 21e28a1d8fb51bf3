-- Train a model of topics of reviews and return it as a row.
--
-- Keep the row in a table and give its name to review_topics and topic_words as `model`. It learns from up to 50,000
-- different texts, of each the first 10,000 characters. `metrics` has the perplexity of held-out reviews (how many
-- words the model hesitates between; smaller is better, comparable for the same reviews alone) and the coherence of
-- topics: the mean over pairs of their ten top words of the normalised pointwise mutual information, from -1 (never
-- together) over 0 (as by chance) to 1. The blob holds numbers and the words that topics are told in.
--
-- Arguments:
--   data: reviews: a table, view, CTE, or file name
--   topics: how many, 1 to 500; NULL: as many as suit the reviews, see review_topics; `metrics` then has what was tried
--   method: lda or nmf; as in review_topics
--   text_col: column of texts
--   id_col: column that says which review it is
--   seed: same data, options and seed give the same model
-- Returns: model BLOB, task VARCHAR, method VARCHAR, trained_at TIMESTAMPTZ, rows BIGINT, options JSON,
--   metrics JSON, version VARCHAR
-- Example:
--   SELECT task, method, rows, metrics FROM train_topics('reviews.parquet', topics := 5);
CREATE OR REPLACE MACRO train_topics(
    data,
    topics := 10,
    method := 'lda',
    text_col := 'text',
    id_col := 'review_id',
    seed := 42
) AS TABLE
WITH
_ecomsql_columns AS (FROM ecomsql.main._columns(data)),
_ecomsql_sample AS (FROM ecomsql.main._review_sample(data, id_col, text_col, true)),
_trained AS (
    SELECT
        _store_topics(
            _texts,
            to_json({
                'options': {'function': 'train_topics', 'method': method, 'topics': topics, 'seed': seed},
                'id_col': id_col,
                'text_col': text_col,
                'rows': _rows,
                'columns': (SELECT _names FROM _ecomsql_columns)
            })
        ) AS _row
    FROM _ecomsql_sample
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
