-- Tables, views, indexes and sequences of the session's database, and its temporary ones.
-- They are put together as lists: DuckDB 2.0.0 may fail, for good, in a join over UNION ALL on several threads.
CREATE OR REPLACE VIEW pg_class AS
WITH _lists AS (
    SELECT
        list_concat(
            (
                SELECT
                    list(
                        ecomsql.postgres._relation(
                            database_name, schema_name, schema_oid, table_name, table_oid, 'r', column_count,
                            has_primary_key, index_count > 0 OR has_primary_key, estimated_size, check_constraint_count
                        )
                    )
                FROM duckdb_tables()
            ),
            (
                SELECT
                    list(
                        ecomsql.postgres._relation(
                            database_name, schema_name, schema_oid, view_name, view_oid, 'v', column_count,
                            false, false, 0, 0
                        )
                    )
                FROM duckdb_views()
                WHERE NOT internal
            ),
            (
                SELECT
                    list(
                        ecomsql.postgres._relation(
                            database_name, schema_name, schema_oid, index_name, index_oid, 'i', 1, false, false, 0, 0
                        )
                    )
                FROM duckdb_indexes()
            ),
            -- The index behind a key has no entry of its own.
            (
                SELECT
                    list(
                        ecomsql.postgres._relation(
                            database_name, schema_name, schema_oid, constraint_name,
                            1000000000 - 16384 + (table_oid % 1000000) * 1000 + constraint_index, 'i',
                            len(constraint_column_indexes), false, false, 0, 0
                        )
                    )
                FROM duckdb_constraints()
                WHERE constraint_type IN ('PRIMARY KEY', 'UNIQUE')
            ),
            (
                SELECT
                    list(
                        ecomsql.postgres._relation(
                            database_name, schema_name, schema_oid, sequence_name, sequence_oid, 'S', 3,
                            false, false, 1, 0
                        )
                    )
                FROM duckdb_sequences()
            )
        ) AS _all
),

_relations AS (SELECT unnest(_all, recursive := true) FROM _lists)

SELECT
    CASE WHEN r.database_name = 'temp' THEN 100000000 ELSE 16384 END + r.number AS oid,
    r.name AS relname,
    CASE WHEN r.database_name = 'temp' THEN 3 ELSE 16384 + r.schema_number END AS relnamespace,
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
    r.checks::SMALLINT AS relchecks,
    r.has_primary_key AS relhaspkey,
    false AS relhasoids,
    false AS relhasrules,
    -- Where foreign keys are, PostgreSQL has triggers, and clients look for the keys.
    EXISTS (
        SELECT 1 FROM duckdb_constraints() AS f
        WHERE
            f.constraint_type = 'FOREIGN KEY'
            AND f.database_name = r.database_name
            AND f.schema_name = r.schema_name
            AND r.name IN (f.table_name, f.referenced_table)
    ) AS relhastriggers,
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
WHERE r.database_name IN (current_database(), 'temp');
