-- Tell what topics of reviews are about: the words that are the most telling of each.
--
-- Topics are those of review_topics with the same data, options and seed, learned once. Words come by relevance: how
-- frequent a word is in the topic, and how special it is to it. `weight` is the word's share of the topic's words. A
-- topic with fewer words has fewer rows.
--
-- Arguments:
--   data: reviews: a table, view, CTE, or file name
--   topics: how many, 1 to 500; NULL: as many as suit the reviews; as in review_topics
--   words: words of a topic
--   method: lda or nmf; as in review_topics
--   model: name of a table made by train_topics; then nothing is learned
--   text_col: column of texts
--   id_col: column that says which review it is
--   seed: same data, options and seed give the same answer
-- Returns: topic INTEGER, rank INTEGER, word VARCHAR, weight DOUBLE
-- Example:
--   SELECT topic, string_agg(word, ', ' ORDER BY rank) AS about
--   FROM topic_words('reviews.parquet', topics := 5, words := 6) GROUP BY ALL ORDER BY topic;
CREATE OR REPLACE MACRO topic_words(
    data,
    topics := 10,
    words := 10,
    method := 'lda',
    model := 'ecomsql.internal._nothing',
    text_col := 'text',
    id_col := 'review_id',
    seed := 42
) AS TABLE
WITH
_ecomsql_model AS (
    FROM ecomsql.main._topic_model(
        data, model, id_col, text_col,
        {'function': 'topic_words', 'method': method, 'topics': topics, 'words': words, 'seed': seed}
    )
),
_told AS (
    SELECT unnest(_words_of(_handle, TRY_CAST(words AS BIGINT))) AS _word
    FROM _ecomsql_model
)
SELECT _word.topic AS topic, _word.rank AS rank, _word.word AS word, _word.weight AS weight
FROM _told
ORDER BY ALL;
