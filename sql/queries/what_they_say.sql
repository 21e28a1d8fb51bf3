-- What do customers write about slow couriers? The nearest reviews by meaning, from embeddings made once;
-- with DuckDB's extension vss, by an index too.
CREATE OR REPLACE TEMP TABLE embedder AS
FROM train_embedder('reviews.parquet', method := 'tfidf_svd', dims := 64);

CREATE OR REPLACE TEMP TABLE embedded AS
SELECT
    reviews.review_id,
    reviews.rating,
    reviews.text,
    vectors.embedding::FLOAT[64] AS embedding
FROM 'reviews.parquet' AS reviews
JOIN embed_reviews('reviews.parquet', model := 'embedder') AS vectors ON vectors.review_id = reviews.review_id;

SET VARIABLE asked = (
    SELECT embed_text('slow courier', (SELECT model FROM embedder))::FLOAT[64]
);

SELECT
    rating,
    round(array_cosine_similarity(embedding, getvariable('asked')::FLOAT[64]), 2) AS similarity,
    text
FROM embedded
ORDER BY similarity DESC NULLS LAST, review_id
LIMIT 8;

-- needs: vss
CREATE INDEX nearest_reviews ON embedded USING hnsw (embedding) WITH (metric = 'cosine');

SELECT
    review_id,
    rating,
    text
FROM embedded
ORDER BY array_cosine_distance(embedding, getvariable('asked')::FLOAT[64])
LIMIT 8;
