-- Tables and views of the session's database.
CREATE OR REPLACE VIEW information_schema_tables AS
SELECT
    current_database() AS table_catalog,
    n.nspname AS table_schema,
    c.relname AS table_name,
    CASE
        WHEN c.relkind = 'v' THEN 'VIEW' WHEN n.nspname = 'pg_temp' THEN 'LOCAL TEMPORARY' ELSE 'BASE TABLE'
    END AS table_type,
    NULL::VARCHAR AS self_referencing_column_name,
    NULL::VARCHAR AS reference_generation,
    NULL::VARCHAR AS user_defined_type_catalog,
    NULL::VARCHAR AS user_defined_type_schema,
    NULL::VARCHAR AS user_defined_type_name,
    CASE WHEN c.relkind = 'v' THEN 'NO' ELSE 'YES' END AS is_insertable_into,
    'NO' AS is_typed,
    NULL::VARCHAR AS commit_action
FROM ecomsql.postgres.pg_class AS c
JOIN ecomsql.postgres.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v');
