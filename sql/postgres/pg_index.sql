-- Indexes, and the primary and unique keys, which DuckDB does not list as indexes.
CREATE OR REPLACE VIEW pg_index AS
SELECT
    16384 + i.index_oid AS indexrelid,
    16384 + i.table_oid AS indrelid,
    1::SMALLINT AS indnatts,
    1::SMALLINT AS indnkeyatts,
    i.is_unique AS indisunique,
    i.is_primary AS indisprimary,
    false AS indisexclusion,
    true AS indimmediate,
    false AS indisclustered,
    true AS indisvalid,
    false AS indcheckxmin,
    true AS indisready,
    true AS indislive,
    false AS indisreplident,
    false AS indnullsnotdistinct,
    []::SMALLINT[] AS indkey,
    []::BIGINT[] AS indcollation,
    []::BIGINT[] AS indclass,
    []::SMALLINT[] AS indoption,
    NULL::VARCHAR AS indexprs,
    NULL::VARCHAR AS indpred,
    i.sql AS _sql
FROM duckdb_indexes() AS i
WHERE i.database_name = current_database()
UNION ALL
SELECT
    oid,
    conrelid,
    len(conkey)::SMALLINT,
    len(conkey)::SMALLINT,
    true,
    contype = 'p',
    false,
    true,
    false,
    true,
    false,
    true,
    true,
    false,
    false,
    conkey,
    list_transform(conkey, lambda _one: 0::BIGINT),
    list_transform(conkey, lambda _one: 0::BIGINT),
    list_transform(conkey, lambda _one: 0::SMALLINT),
    NULL,
    NULL,
    NULL
FROM ecomsql.postgres.pg_constraint
WHERE contype IN ('p', 'u');
