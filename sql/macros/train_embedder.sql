-- Train an embedder of texts and return it as a row: keep it in a table, and give its name to embed_reviews as `model`.
--
-- It learns from up to 50,000 different texts, of each the first 10,000 characters. The blob holds numbers alone: no text
-- can be read from it. embed_text embeds a query with it.
--
-- Arguments:
--   data: reviews: a table, view, CTE, or file name
--   dims: numbers in a vector
--   method: hash, tfidf_svd, autoencoder, minilm, a folder, or auto, as in embed_reviews
--   text_col: column of texts
--   id_col: column that says which review it is
--   seed: same data, options and seed give the same model
-- Returns: model BLOB, task VARCHAR, method VARCHAR, trained_at TIMESTAMPTZ, rows BIGINT, options JSON,
--   metrics JSON, version VARCHAR
-- Example:
--   SELECT task, method, rows, metrics FROM train_embedder('reviews.parquet', dims := 64);
CREATE OR REPLACE MACRO train_embedder(
    data,
    dims := 256,
    method := 'auto',
    text_col := 'text',
    id_col := 'review_id',
    seed := 42
) AS TABLE
WITH
_ecomsql_columns AS (FROM ecomsql.main._columns(data)),
_ecomsql_sample AS (FROM ecomsql.main._review_sample(data, id_col, text_col, true)),
_trained AS (
    SELECT
        _store_embedder(
            _texts,
            to_json({
                'options': {'method': method, 'dims': dims, 'seed': seed},
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
