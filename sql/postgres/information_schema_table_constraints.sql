-- Keys and checks.
CREATE OR REPLACE VIEW information_schema_table_constraints AS
SELECT
    current_database() AS constraint_catalog,
    n.nspname AS constraint_schema,
    k.conname AS constraint_name,
    current_database() AS table_catalog,
    n.nspname AS table_schema,
    c.relname AS table_name,
    CASE k.contype
        WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' WHEN 'f' THEN 'FOREIGN KEY' ELSE 'CHECK'
    END AS constraint_type,
    'NO' AS is_deferrable,
    'NO' AS initially_deferred,
    'YES' AS enforced
FROM ecomsql.postgres.pg_constraint AS k
JOIN ecomsql.postgres.pg_class AS c ON c.oid = k.conrelid
JOIN ecomsql.postgres.pg_namespace AS n ON n.oid = c.relnamespace;
