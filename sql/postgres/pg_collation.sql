-- Text is compared byte by byte.
CREATE OR REPLACE VIEW pg_collation AS
SELECT
    oid::BIGINT AS oid,
    collname,
    11::BIGINT AS collnamespace,
    10::BIGINT AS collowner,
    'c' AS collprovider,
    true AS collisdeterministic,
    -1::INTEGER AS collencoding,
    'C' AS collcollate,
    'C' AS collctype,
    NULL::VARCHAR AS colliculocale,
    NULL::VARCHAR AS collversion
FROM (VALUES (100, 'default'), (950, 'C')) AS _collations (oid, collname);
