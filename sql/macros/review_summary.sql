-- Sum up the reviews of each item: how many, how good, what about.
--
-- One row an item, with reviews. `mean_rating` is NULL without ratings. Shares are of the reviews that praise and that
-- blame, as review_sentiment tells them: by a model that learns from the ratings where there are any (and is kept in memory
-- for the next call), else by the lexicon. `top_topics` are the up to three topics, as review_topics finds them, with the
-- largest share of what the item's reviews say, of at least a tenth each. `keywords` are words, emoji and pairs of ideographs
-- that a larger share of the item's reviews have than of all, those first that tell the most: the number of its reviews that
-- have it, times the log of how much larger the share is. Rows without an item or a text take no part.
--
-- Arguments:
--   data: reviews: a table, view, CTE, or file name
--   item_col: column of items
--   topics: how many topics are found in all reviews, 1 to 500; NULL: as many as suit them; a model has its own
--   keywords: how many keywords an item has, at most
--   topic_model: name of a table made by train_topics
--   sentiment_model: name of a table made by train_sentiment
--   sentiment_method: auto, lexicon, linear, bayes or network, as `method` in review_sentiment
--   rating_col: column of ratings; default: `rating` when there
--   text_col: column of texts
--   seed: same data, options and seed give the same answer
-- Returns: item_id, reviews BIGINT, mean_rating DOUBLE, positive_share DOUBLE, negative_share DOUBLE, top_topics INTEGER[],
--   keywords VARCHAR[]
-- Example:
--   FROM review_summary('reviews.parquet', topics := 5, sentiment_method := 'lexicon') ORDER BY reviews DESC LIMIT 5;
CREATE OR REPLACE MACRO review_summary(
    data,
    item_col := 'item_id',
    topics := 10,
    keywords := 5,
    topic_model := 'ecomsql.internal._nothing',
    sentiment_model := 'ecomsql.internal._nothing',
    sentiment_method := 'auto',
    rating_col := NULL,
    text_col := 'text',
    seed := 42
) AS TABLE
WITH
_ecomsql_topics AS MATERIALIZED (
    FROM ecomsql.main._topic_model(
        data, topic_model, item_col, text_col,
        {
            'function': 'review_summary',
            'method': 'lda',
            'topics': topics,
            'keywords': keywords,
            'seed': seed,
            'id_role': 'item_col',
            'model_option': 'topic_model'
        }
    )
),
_ecomsql_sentiment AS MATERIALIZED (
    FROM ecomsql.main._sentiment_model(
        data, sentiment_model, item_col, text_col, NULL, rating_col,
        {
            'function': 'review_summary',
            'method': sentiment_method,
            'seed': seed,
            'id_role': 'item_col',
            'method_option': 'sentiment_method',
            'model_option': 'sentiment_model'
        }
    )
),
_ecomsql_told AS MATERIALIZED (
    SELECT
        _item,
        _rating,
        _sentiment_of((SELECT _handle FROM _ecomsql_sentiment), _text).sentiment AS _opinion,
        _topics_of((SELECT _handle FROM _ecomsql_topics), _text, 0.01) AS _shares,
        _terms_of((SELECT _handle FROM _ecomsql_topics), _text) AS _terms
    FROM (
        SELECT
            coalesce(*COLUMNS(lambda _c: lower(_c) = lower(item_col::VARCHAR) OR _c = '_ecomsql_none')) AS _item,
            coalesce(*COLUMNS(lambda _c: lower(_c) = lower(text_col::VARCHAR) OR _c = '_ecomsql_none'))::VARCHAR AS _text,
            TRY_CAST(coalesce(*COLUMNS(
                lambda _c: lower(_c) = lower(coalesce(rating_col, 'rating')::VARCHAR) OR _c = '_ecomsql_none'
            )) AS DOUBLE) AS _rating
        FROM (SELECT *, NULL AS _ecomsql_none FROM query_table(data))
    )
    WHERE _item IS NOT NULL AND _text IS NOT NULL
),
_figures AS (
    SELECT
        _item,
        count(*) AS _reviews,
        avg(_rating) AS _mean,
        count_if(_opinion = 'positive') / count(*) AS _good,
        count_if(_opinion = 'negative') / count(*) AS _bad
    FROM _ecomsql_told
    GROUP BY _item
),
_weights AS (
    SELECT _item, _share.topic AS _topic, sum(_share.weight) AS _weight
    FROM (SELECT _item, unnest(_shares) AS _share FROM _ecomsql_told)
    GROUP BY ALL
),
_leading AS (
    SELECT _item, list(_topic ORDER BY _weight DESC, _topic)[:3] AS _topics
    FROM (SELECT *, sum(_weight) OVER (PARTITION BY _item) AS _whole FROM _weights)
    WHERE _weight >= 0.1 * _whole
    GROUP BY _item
),
_terms AS (
    SELECT _item, _term, count(*) AS _times
    FROM (SELECT _item, unnest(_terms) AS _term FROM _ecomsql_told)
    GROUP BY ALL
),
_scored AS (
    SELECT
        _item,
        _term,
        _times,
        _times / _reviews AS _share,
        sum(_times) OVER (PARTITION BY _term) / (SELECT count(*) FROM _ecomsql_told) AS _usual
    FROM _terms
    JOIN _figures USING (_item)
),
_telling AS (
    SELECT
        _item,
        list(_term ORDER BY _times * ln(_share / _usual) DESC, _times DESC, _usual, _term)[:TRY_CAST(keywords AS BIGINT)] AS _words
    FROM _scored
    WHERE _share >= _usual
    GROUP BY _item
)
SELECT
    _figures._item AS item_id,
    _reviews AS reviews,
    _mean AS mean_rating,
    _good AS positive_share,
    _bad AS negative_share,
    coalesce(_topics, []::INTEGER[]) AS top_topics,
    coalesce(_words, []::VARCHAR[]) AS keywords
FROM _figures
LEFT JOIN _leading ON _figures._item IS NOT DISTINCT FROM _leading._item
LEFT JOIN _telling ON _figures._item IS NOT DISTINCT FROM _telling._item
UNION ALL
-- No row, but whatever is wrong is an error without any review, too.
SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM _ecomsql_topics CROSS JOIN _ecomsql_sentiment
WHERE concat(_ecomsql_topics._handle, _ecomsql_sentiment._handle) = 'no handle';
