-- Turn reviews into vectors of numbers: the more alike two texts are, the smaller the angle between theirs.
--
-- One row a review. Vectors have the length 1 and `dims` numbers, so that array_cosine_similarity, or an index of DuckDB's
-- vss extension over `embedding::FLOAT[256]`, finds what is alike. English, Chinese and other scripts may be mixed; HTML
-- and capitals do not matter; emoji count as words. A text with nothing to read, such as '' or '!!!', has the embedding
-- NULL; of a text the first million characters count. Rows without an id or a text take no part. The vector of a text
-- depends on the model, and not on the texts beside it: to compare reviews of different days, train an embedder once and
-- give it as `model`, or use the method hash. Without a model, it learns from the reviews at hand, up to 50,000 different
-- texts, and is kept in memory for the next call.
--
-- Arguments:
--   data: reviews: a table, view, CTE, or file name
--   dims: numbers in a vector; a model has its own
--   method: hash (words and parts of words by signed hashing and a random projection, nothing is learned), tfidf_svd
--     (TF-IDF of words and parts of words, reduced by a singular value decomposition), autoencoder (a network that
--     narrows the same), minilm (a pretrained encoder of sentences, with the extra ecomsql[minilm]; the path of a folder
--     with another one, of sentence-transformers or, with the extra onnx, of ONNX, is taken too), or auto: tfidf_svd, and hash where there are fewer than 500 different texts
--   model: name of a table made by train_embedder; then nothing is learned
--   text_col: column of texts
--   id_col: column that says which review it is
--   seed: same data, options and seed give the same answer
-- Returns: review_id, embedding FLOAT[]
-- Example:
--   FROM embed_reviews('reviews.parquet', dims := 64) LIMIT 5;
CREATE OR REPLACE MACRO embed_reviews(
    data,
    dims := 256,
    method := 'auto',
    model := 'ecomsql.internal._nothing',
    text_col := 'text',
    id_col := 'review_id',
    seed := 42
) AS TABLE
WITH
_ecomsql_model AS MATERIALIZED (
    FROM ecomsql.main._embedder(
        data, model, id_col, text_col,
        {'function': 'embed_reviews', 'method': method, 'dims': dims, 'seed': seed}
    )
)
SELECT
    _id AS review_id,
    _embedded((SELECT _handle FROM _ecomsql_model), _text) AS embedding
FROM ecomsql.main._reviews(data, id_col, text_col)
UNION ALL
-- No row, but whatever is wrong is an error without any review, too.
SELECT NULL, NULL
FROM _ecomsql_model
WHERE _handle IS NULL;
