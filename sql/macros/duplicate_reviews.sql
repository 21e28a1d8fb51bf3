-- Find reviews that are copies or near copies of others, as spam and double entries are.
--
-- One row for each review that is a copy: `duplicate_of` is the review that it is a copy of, and `similarity` how much of
-- both is the same, from `threshold` to 1. In the order of times, or of ids where there is no time, a review is a copy of
-- the first one before it that is no copy itself and is similar enough; so no review in `duplicate_of` is in `review_id`,
-- and of each group of copies one review remains. The answer is exact: no pair is missed, and each one is measured.
-- Capitals, punctuation, spaces, HTML and emoji do not matter; English and Chinese may be mixed, and an ideograph is a word.
-- Similarity is that of Jaccard: the shingles that both have, divided by those that either has. A shingle is a pair of
-- neighbouring words, with an edge before the first and after the last one; if it comes twice, it counts twice. So one word
-- of a review may be another one from 37 words on at a threshold of 0.9, from 17 at 0.8, from 11 at 0.7, and there may be a
-- word more from 27, 12 and 8 words on. Reviews of fewer than 8 words are copies only if all words are the same in the same
-- order. Short generic ones ("Great, fast delivery!", "好评") are so by chance: reviews of fewer than `min_words` words are
-- not compared and have no row; with min_words := 1 all are compared that have a word. Rows without an id or a text take no
-- part. Rows of the same id are one review, of which the first counts (by time, then by text). Of a text the first million
-- characters count. A million short reviews take some 20 seconds and 3 GB; it is more for long ones and below 0.7. More
-- than 2 GB of text need SET arrow_large_buffer_size = true.
--
-- Arguments:
--   data: reviews: a table, view, CTE, or file name
--   threshold: similarity of a near copy, at least: from 0.5 to 1
--   min_words: words of a review, at least; shorter ones are not compared
--   shingle: words in a shingle, from 1 (their order does not matter) to 10 (a changed word makes more of a difference)
--   text_col: column of texts
--   id_col: column that says which review it is
--   time_col: column of times, by which the first review is found; default: `ts` when there; without one, ids say so
-- Returns: review_id, duplicate_of, similarity DOUBLE
-- Example:
--   WITH written AS (
--       FROM (VALUES
--           (1, 'Soft fabric, true to size, and it came two days early!'),
--           (2, 'The zip broke on the first day, so I sent it back.'),
--           (3, 'soft fabric TRUE to size and it came two days early')
--       ) AS _(review_id, text)
--   )
--   FROM duplicate_reviews(written);
CREATE OR REPLACE MACRO duplicate_reviews(
    data,
    threshold := 0.9,
    min_words := 8,
    shingle := 2,
    text_col := 'text',
    id_col := 'review_id',
    time_col := NULL
) AS TABLE
WITH
-- What the user names is read first, so that no name further down can stand in for it.
_ecomsql_columns AS (FROM ecomsql.main._columns(data)),
_ecomsql_given AS (
    SELECT
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(id_col::VARCHAR) OR _c = '_ecomsql_none')) AS _id,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(text_col::VARCHAR) OR _c = '_ecomsql_none'))::VARCHAR AS _text,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(coalesce(time_col::VARCHAR, 'ts')) OR _c = '_ecomsql_none')) AS _time
    FROM (SELECT *, NULL AS _ecomsql_none FROM query_table(data))
),
_reviews AS (
    SELECT
        _id,
        _text,
        ecomsql.main._time_order(_time) AS _moment
    FROM _ecomsql_given
    WHERE _id IS NOT NULL AND _text IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY _id ORDER BY _moment, _text) = 1
),
_placed AS MATERIALIZED (
    SELECT
        _id,
        _text,
        row_number() OVER (ORDER BY _moment, _id) - 1 AS _place
    FROM _reviews
),
_told AS (
    SELECT
        unnest(_copies_of(
            (SELECT list(_text ORDER BY _place) FROM _placed),
            _checked(to_json({
                'function': 'duplicate_reviews',
                'columns': _names,
                'threshold': threshold,
                'min_words': min_words,
                'shingle': shingle,
                'text_col': text_col,
                'id_col': id_col,
                'time_col': time_col
            }))
        )) AS _copy
    FROM _ecomsql_columns
)
SELECT
    _copied._id AS review_id,
    _original._id AS duplicate_of,
    _copy.similarity AS similarity
FROM _told
JOIN _placed AS _copied ON _copied._place = _copy.place
JOIN _placed AS _original ON _original._place = _copy.original
ORDER BY _copy.original, _copy.place;
