-- Tell whether reviews praise or blame.
--
-- One row a review: `sentiment`, and `score` from -1 (blame) to 1 (praise). With a trained model, by that. Else, where the
-- data has a column `rating`, or you name one of labels, by a model that learns from them on the spot and is kept in memory for the next
-- call; a review that it has learned from is scored by it too, so do not measure it on those: train_sentiment's metrics
-- tell how good it is. Without labels, or with ratings of fewer than 50 reviews or of one kind alone, by a lexicon of English
-- and Chinese words of praise and blame that minds negation, degrees and complaints; a score from -0.1 to 0.1 is then
-- neutral. A model's score is the probability of praise minus that of blame, and neutral is told only by one that has
-- learned neutral ratings. A text with nothing to read is neutral with the score 0. Rows without an id or a text take no
-- part; of a text the first million characters count.
--
-- Arguments:
--   data: reviews: a table, view, CTE, or file name
--   model: name of a table made by train_sentiment
--   label_col: column of labels, as in train_sentiment
--   rating_col: column of ratings, for where there are no labels; default: `rating` when there
--   text_col: column of texts
--   id_col: column that says which review it is
--   method: lexicon (learns nothing), linear, bayes or network, as in train_sentiment, or auto: a blend of these where there
--     are labels, and the lexicon where not
--   seed: same data, options and seed give the same answer
-- Returns: review_id, sentiment VARCHAR, score DOUBLE
-- Example:
--   SELECT sentiment, count(*) AS reviews FROM review_sentiment('reviews.parquet', method := 'lexicon') GROUP BY ALL;
CREATE OR REPLACE MACRO review_sentiment(
    data,
    model := 'ecomsql.internal._nothing',
    label_col := NULL,
    rating_col := NULL,
    text_col := 'text',
    id_col := 'review_id',
    method := 'auto',
    seed := 42
) AS TABLE
WITH
_ecomsql_opened AS MATERIALIZED (
    FROM ecomsql.main._sentiment_model(
        data, model, id_col, text_col, label_col, rating_col,
        {'function': 'review_sentiment', 'method': method, 'seed': seed}
    )
)
SELECT
    _id AS review_id,
    _told.sentiment AS sentiment,
    _told.score AS score
FROM (
    SELECT _id, _sentiment_of((SELECT _handle FROM _ecomsql_opened), _text) AS _told
    FROM ecomsql.main._reviews(data, id_col, text_col)
    UNION ALL
    -- No row, but whatever is wrong is an error without any review, too.
    SELECT NULL, NULL FROM _ecomsql_opened WHERE _handle IS NULL
);
