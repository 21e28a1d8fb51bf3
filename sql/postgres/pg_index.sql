-- Indexes, and the primary and unique keys, which DuckDB does not list as indexes.
CREATE OR REPLACE VIEW pg_index AS
SELECT
    16384 + i.index_oid AS indexrelid,
    16384 + i.table_oid AS indrelid,
    len(i._names)::SMALLINT AS indnatts,
    len(i._names)::SMALLINT AS indnkeyatts,
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
    -- Columns that an index names; of an expression, none.
    (
        SELECT coalesce(list(a.column_index::SMALLINT ORDER BY list_position(i._names, a.column_name)), [])
        FROM duckdb_columns() AS a
        WHERE a.table_oid = i.table_oid AND list_contains(i._names, a.column_name)
    ) AS indkey,
    list_transform(i._names, lambda _one: 0::BIGINT) AS indcollation,
    list_transform(i._names, lambda _one: 0::BIGINT) AS indclass,
    array_to_string(list_transform(i._names, lambda _one: $$0$$), ' ') AS indoption,
    NULL::VARCHAR AS indexprs,
    NULL::VARCHAR AS indpred,
    i.sql AS _sql
FROM (
    SELECT
        *, list_transform(string_split(trim(expressions, '[]'), ','), lambda _one: trim(_one, ' "''')) AS _names
    FROM duckdb_indexes()
) AS i
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
    array_to_string(list_transform(conkey, lambda _one: '0'), ' '),
    NULL,
    NULL,
    NULL
FROM ecomsql.postgres.pg_constraint
WHERE contype IN ('p', 'u');
