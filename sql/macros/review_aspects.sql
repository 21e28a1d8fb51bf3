-- Find what reviews say of single aspects: size, price, delivery and more, and whether that is good or bad.
--
-- One row for each clause of a review and aspect that it speaks of, ordered by review and place in it. `span` is the clause
-- as it stands in the review; a clause ends with a sentence, before a "but", and at a comma with enough on both sides.
-- `score` says how good what the clause says is, from -1 to 1, by a lexicon of English and Chinese words of praise and blame
-- that is built in and minds negation, degrees and complaints that name no feeling ("sent it back", "等了两个小时"). A score
-- from -0.1 to 0.1 is neutral, and so is a clause without any such word. English and Chinese may be mixed; HTML and capitals
-- do not matter. Built-in aspects are size_fit, material, quality, comfort, look, price, delivery, packaging, service, taste,
-- portion, hygiene, scent, usability, performance and description (is it what was shown?). Reviews that speak of none of the
-- aspects have no row. Rows without an id or a text take no part; of a text the first million characters count.
--
-- Arguments:
--   data: reviews: a table, view, CTE, or file name
--   aspects: what to look for: a list of built-in aspects, of words of your own (found in the plural too), or of both; or
--     names with the words of each, {'battery': ['battery', 'charger', '电池']}; default: all built-in ones
--   text_col: column of texts
--   id_col: column that says which review it is
-- Returns: review_id, aspect VARCHAR, sentiment VARCHAR, score DOUBLE, span VARCHAR
-- Example:
--   SELECT aspect, count(*) AS clauses, round(avg(score), 2) AS score
--   FROM review_aspects('reviews.parquet', aspects := ['delivery', 'price', 'quality'])
--   GROUP BY aspect ORDER BY aspect;
CREATE OR REPLACE MACRO review_aspects(
    data,
    aspects := NULL,
    text_col := 'text',
    id_col := 'review_id'
) AS TABLE
WITH
-- What the user names is read first, so that no name further down can stand in for it.
_ecomsql_columns AS (FROM ecomsql.main._columns(data)),
_ecomsql_call AS MATERIALIZED (
    SELECT
        _checked(to_json({
            'function': 'review_aspects',
            'columns': _names,
            'aspects': aspects,
            'id_col': id_col,
            'text_col': text_col
        })) AS _aspects
    FROM _ecomsql_columns
),
_ecomsql_mentions AS (
    SELECT
        _id,
        unnest(_aspects_of((SELECT _aspects FROM _ecomsql_call), _text)) AS _mention
    FROM ecomsql.main._reviews(data, id_col, text_col)
)
SELECT
    _id AS review_id,
    _mention.aspect AS aspect,
    _mention.sentiment AS sentiment,
    _mention.score AS score,
    _mention.span AS span
FROM (
    FROM _ecomsql_mentions
    UNION ALL
    -- No row, but whatever is wrong is an error without any review, too.
    SELECT NULL, NULL FROM _ecomsql_call WHERE _aspects IS NULL
)
ORDER BY _id, _mention.place, span;
