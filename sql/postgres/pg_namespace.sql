-- Schemas of the session's database, and those that every PostgreSQL has.
CREATE OR REPLACE VIEW pg_namespace AS
WITH _lists AS (
    SELECT
        list_concat(
            [
                {'oid': 11::BIGINT, 'name': 'pg_catalog', '_database': 'system', '_schema': 'pg_catalog'},
                {'oid': 12, 'name': 'ecomsql', '_database': 'ecomsql', '_schema': 'main'},
                {
                    'oid': 13000,
                    'name': 'information_schema',
                    '_database': 'system',
                    '_schema': 'information_schema'
                }
            ],
            (
                SELECT
                    list(
                        {
                            'oid': CASE WHEN database_name = 'temp' THEN 3 ELSE 16384 + oid END,
                            'name': CASE WHEN database_name = 'temp' THEN 'pg_temp' ELSE schema_name END,
                            '_database': database_name,
                            '_schema': schema_name
                        }
                    )
                FROM duckdb_schemas()
                WHERE
                    (
                        database_name = current_database()
                        AND schema_name NOT IN ('pg_catalog', 'information_schema')
                    )
                    OR (database_name = 'temp' AND schema_name = 'main')
            )
        ) AS _all
),

_schemas AS (SELECT unnest(_all, recursive := true) FROM _lists)

SELECT oid, name AS nspname, 10::BIGINT AS nspowner, NULL::VARCHAR[] AS nspacl, _database, _schema
FROM _schemas;
