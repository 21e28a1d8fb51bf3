-- Schemas of the session's database, and those that every PostgreSQL has.
CREATE OR REPLACE VIEW pg_namespace AS
SELECT
    CASE WHEN database_name = 'temp' THEN 3::BIGINT ELSE 16384 + oid END AS oid,
    CASE WHEN database_name = 'temp' THEN 'pg_temp' ELSE schema_name END AS nspname,
    10::BIGINT AS nspowner,
    NULL::VARCHAR[] AS nspacl,
    database_name AS _database,
    schema_name AS _schema
FROM duckdb_schemas()
WHERE
    (database_name = current_database() AND schema_name NOT IN ('pg_catalog', 'information_schema'))
    OR (database_name = 'temp' AND schema_name = 'main')
UNION ALL
SELECT oid::BIGINT, nspname, 10, NULL, _database, _schema
FROM (
    VALUES
    (11, 'pg_catalog', 'system', 'pg_catalog'),
    (13000, 'information_schema', 'system', 'information_schema'),
    (12, 'ecomsql', 'ecomsql', 'main')
) AS _always (oid, nspname, _database, _schema);
