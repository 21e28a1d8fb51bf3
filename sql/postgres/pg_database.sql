-- The one database that a session sees.
CREATE OR REPLACE VIEW pg_database AS
SELECT
    16384::BIGINT AS oid,
    current_database() AS datname,
    10::BIGINT AS datdba,
    6::INTEGER AS encoding,
    'c' AS datlocprovider,
    false AS datistemplate,
    true AS datallowconn,
    -1::INTEGER AS datconnlimit,
    0::BIGINT AS datlastsysoid,
    0::BIGINT AS datfrozenxid,
    0::BIGINT AS datminmxid,
    1663::BIGINT AS dattablespace,
    'C' AS datcollate,
    'C' AS datctype,
    NULL::VARCHAR AS daticulocale,
    NULL::VARCHAR AS datcollversion,
    NULL::VARCHAR[] AS datacl;
