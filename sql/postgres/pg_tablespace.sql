-- The one place where data are.
CREATE OR REPLACE VIEW pg_tablespace AS
SELECT
    1663::BIGINT AS oid,
    'pg_default' AS spcname,
    10::BIGINT AS spcowner,
    NULL::VARCHAR[] AS spcacl,
    NULL::VARCHAR[] AS spcoptions;
