-- Find the reviews that say something alike: like a text that you type, or like one of the reviews.
--
-- One row for each of the k most similar reviews, best first. `query` is a text to look for, or the id of a review, which
-- is then left out itself. `similarity` is the cosine of the angle between vectors, times the share of the query that a
-- trained embedder knows: a query of words that it has never seen finds nothing that is very similar. Every review is compared (there is no index that could miss one). Reviews with a column
-- `embedding`, as embed_reviews made it, are only compared: 100,000 in a few hundredths of a second; a text to look for
-- then needs the `model` that made the embeddings, or method := 'hash' if that did; vectors of another length are never
-- found. Without that column they are embedded first, on the spot. Reviews without anything to read are never found, and a query without anything to read finds none.
--
-- Arguments:
--   data: reviews: a table, view, CTE, or file name
--   query: a text, or the id of a review in its own type (the text of it, where ids are text or UUID)
--   k: how many reviews
--   method: hash, tfidf_svd, autoencoder or auto, as in embed_reviews, where there are no embeddings
--   model: name of a table made by train_embedder
--   dims: numbers in a vector, where there are no embeddings
--   embedding_col: column of embeddings; default: `embedding` when there
--   text_col: column of texts
--   id_col: column that says which review it is
--   seed: same data, options and seed give the same answer
-- Returns: review_id, rank INTEGER, similarity DOUBLE, text VARCHAR
-- Example:
--   SELECT rank, round(similarity, 2), text FROM similar_reviews('reviews.parquet', 'the parcel was damaged', k := 3);
CREATE OR REPLACE MACRO similar_reviews(
    data,
    query,
    k := 10,
    method := 'auto',
    model := 'ecomsql.internal._nothing',
    dims := 256,
    embedding_col := NULL,
    text_col := 'text',
    id_col := 'review_id',
    seed := 42
) AS TABLE
WITH
_ecomsql_columns AS (FROM ecomsql.main._columns(data)),
_ecomsql_types AS (FROM ecomsql.main._types(data)),
_ecomsql_model AS (FROM ecomsql.main._model_row(model)),
_ecomsql_given AS NOT MATERIALIZED (
    SELECT
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(id_col::VARCHAR) OR _c = '_ecomsql_none')) AS _id,
        coalesce(*COLUMNS(lambda _c: lower(_c) = lower(text_col::VARCHAR) OR _c = '_ecomsql_none'))::VARCHAR AS _text,
        TRY_CAST(coalesce(*COLUMNS(
            lambda _c: lower(_c) = lower(coalesce(embedding_col, 'embedding')::VARCHAR) OR _c = '_ecomsql_none'
        )) AS FLOAT[]) AS _embedding
    FROM (SELECT *, NULL AS _ecomsql_none FROM query_table(data))
),
-- What the user names is read above, so that no name further down can stand in for it.
_shape AS MATERIALIZED (
    SELECT
        _names,
        len(list_filter(_names, lambda _n: lower(_n) = lower(coalesce(embedding_col, 'embedding')::VARCHAR))) > 0 AS _is_embedded,
        (SELECT len(_embedding) FROM _ecomsql_given WHERE _embedding IS NOT NULL LIMIT 1) AS _width
    FROM _ecomsql_columns
),
_asked AS MATERIALIZED (
    SELECT _id, _text, _embedding
    FROM _ecomsql_given
    WHERE _id::VARCHAR = query::VARCHAR AND (typeof(query) <> 'VARCHAR' OR typeof(_id) IN ('VARCHAR', 'UUID'))
    ORDER BY _text
    LIMIT 1
),
_sample AS (
    SELECT list(_some) AS _texts
    FROM (
        SELECT _some
        FROM (
            SELECT DISTINCT left(_text, 10000) AS _some
            FROM _ecomsql_given
            WHERE _id IS NOT NULL AND _text IS NOT NULL
                AND model = 'ecomsql.internal._nothing' AND lower(method::VARCHAR) <> 'hash'
                AND NOT (SELECT _is_embedded FROM _shape)
        )
        ORDER BY md5(_some)
        LIMIT 50000
    )
),
_opened AS MATERIALIZED (
    SELECT
        _open_similar(
            _blob,
            _rows,
            (SELECT _texts FROM _sample),
            to_json({
                'options': {'function': 'similar_reviews', 'method': method, 'dims': dims, 'seed': seed},
                'k': k,
                'query': query::VARCHAR,
                'is_text': typeof(query) = 'VARCHAR',
                'is_review': (SELECT count(*) > 0 FROM _asked),
                'width': (SELECT _width FROM _shape),
                'is_embedded': (SELECT _is_embedded FROM _shape),
                'model': model,
                'id_col': id_col,
                'text_col': text_col,
                'embedding_col': embedding_col,
                'columns': (SELECT _names FROM _shape),
                'types': (SELECT _types FROM _ecomsql_types)
            })
        ) AS _call
    FROM _ecomsql_model
),
_sought AS MATERIALIZED (
    SELECT
        CASE
            WHEN _asked._id IS NULL THEN _embedded(_call.handle, query::VARCHAR)
            ELSE coalesce(_asked._embedding, _embedded(_call.handle, _asked._text))
        END AS _vector,
        CASE WHEN _asked._id IS NULL THEN _familiar(_call.handle, query::VARCHAR) ELSE 1.0 END AS _share,
        _asked._id AS _self
    FROM _opened
    LEFT JOIN _asked ON true
),
_compared AS NOT MATERIALIZED (
    SELECT
        _id,
        _text,
        CASE
            WHEN NOT (SELECT _is_embedded FROM _shape)
                THEN list_cosine_similarity(_embedded((SELECT _call.handle FROM _opened), _text), (SELECT _vector FROM _sought))
            -- One of another length is never found.
            WHEN len(_embedding) = (SELECT len(_vector) FROM _sought)
                THEN list_cosine_similarity(_embedding, (SELECT _vector FROM _sought))
        END::DOUBLE AS _likeness
    FROM _ecomsql_given
    WHERE _id IS NOT NULL AND _text IS NOT NULL AND _id IS DISTINCT FROM (SELECT _self FROM _sought)
),
_best AS (
    SELECT *
    FROM _compared
    ORDER BY _likeness DESC NULLS LAST, _id
    LIMIT (SELECT _call.k FROM _opened)
)
SELECT
    _id AS review_id,
    (row_number() OVER (ORDER BY _likeness DESC, _id))::INTEGER AS rank,
    _likeness * (SELECT _share FROM _sought) AS similarity,
    _text AS text
FROM _best
-- Only here: a condition further up has each similarity calculated twice.
WHERE _likeness IS NOT NULL
ORDER BY rank;
