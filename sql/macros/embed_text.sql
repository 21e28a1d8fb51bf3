-- Embed a text with a trained embedder, to compare it with reviews.
--
-- A scalar function. The vector is the one that embed_reviews gives the same text with the same model. NULL for a text that
-- is NULL or has nothing to read.
--
-- Arguments:
--   text: the text
--   model_blob: the column `model` of a row made by train_embedder
-- Returns: FLOAT[]
-- Example:
--   WITH m AS (FROM train_embedder('reviews.parquet', dims := 8))
--   SELECT embed_text('fast delivery', (SELECT model FROM m)) AS embedding;
CREATE OR REPLACE MACRO embed_text(text, model_blob) AS
_embedded((SELECT _embedder_of(model_blob)), text::VARCHAR);
