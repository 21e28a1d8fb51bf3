-- Tables, views, indexes and sequences of the session's database, and its temporary ones.
CREATE OR REPLACE VIEW pg_class AS
WITH _relations AS (
    SELECT
        database_name,
        schema_name,
        table_name AS name,
        table_oid AS number,
        'r' AS kind,
        column_count AS columns,
        has_primary_key,
        index_count > 0 OR has_primary_key AS has_index,
        estimated_size AS tuples
    FROM duckdb_tables()
    UNION ALL
    SELECT database_name, schema_name, view_name, view_oid, 'v', column_count, false, false, 0
    FROM duckdb_views()
    WHERE NOT internal
    UNION ALL
    SELECT database_name, schema_name, index_name, index_oid, 'i', 1, false, false, 0
    FROM duckdb_indexes()
    UNION ALL
    -- The index behind a key has no entry of its own.
    SELECT
        database_name,
        schema_name,
        constraint_name,
        1000000000 - 16384 + (table_oid % 1000000) * 1000 + constraint_index,
        'i',
        len(constraint_column_indexes),
        false,
        false,
        0
    FROM duckdb_constraints()
    WHERE constraint_type IN ('PRIMARY KEY', 'UNIQUE')
    UNION ALL
    SELECT database_name, schema_name, sequence_name, sequence_oid, 'S', 3, false, false, 1
    FROM duckdb_sequences()
)

SELECT
    CASE WHEN r.database_name = 'temp' THEN 100000000 ELSE 16384 END + r.number AS oid,
    r.name AS relname,
    n.oid AS relnamespace,
    0::BIGINT AS reltype,
    0::BIGINT AS reloftype,
    10::BIGINT AS relowner,
    CASE r.kind WHEN 'r' THEN 2::BIGINT WHEN 'i' THEN 403 ELSE 0 END AS relam,
    0::BIGINT AS relfilenode,
    0::BIGINT AS reltablespace,
    0::INTEGER AS relpages,
    r.tuples::FLOAT AS reltuples,
    0::INTEGER AS relallvisible,
    0::BIGINT AS reltoastrelid,
    r.has_index AS relhasindex,
    false AS relisshared,
    CASE WHEN r.database_name = 'temp' THEN 't' ELSE 'p' END AS relpersistence,
    r.kind AS relkind,
    r.columns::SMALLINT AS relnatts,
    0::SMALLINT AS relchecks,
    r.has_primary_key AS relhaspkey,
    false AS relhasoids,
    false AS relhasrules,
    false AS relhastriggers,
    false AS relhassubclass,
    false AS relrowsecurity,
    false AS relforcerowsecurity,
    true AS relispopulated,
    'd' AS relreplident,
    false AS relispartition,
    0::BIGINT AS relrewrite,
    0::BIGINT AS relfrozenxid,
    NULL::VARCHAR[] AS relacl,
    NULL::VARCHAR[] AS reloptions,
    NULL::VARCHAR AS relpartbound,
    0::BIGINT AS xmin
FROM _relations AS r
JOIN ecomsql.postgres.pg_namespace AS n
    ON n._database = r.database_name AND n._schema = r.schema_name;
