-- The text of an id, the same for ids that are equal to each other.
--
-- Arguments:
--   id: the id
--   is_caseless: whether upper and lower case are equal in its type
--   is_accentless: whether letters with and without accents are
-- Returns: VARCHAR
CREATE OR REPLACE MACRO _same_text(id, is_caseless, is_accentless) AS CASE
    WHEN is_caseless AND is_accentless THEN lower(strip_accents(id::VARCHAR))
    WHEN is_caseless THEN lower(id::VARCHAR)
    WHEN is_accentless THEN strip_accents(id::VARCHAR)
    ELSE id::VARCHAR
END;
