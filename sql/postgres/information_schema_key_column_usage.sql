-- Columns of keys.
CREATE OR REPLACE VIEW information_schema_key_column_usage AS
WITH _keys AS (
    SELECT k.*, unnest(k.conkey) AS _number, generate_subscripts(k.conkey, 1) AS _place
    FROM ecomsql.postgres.pg_constraint AS k
    WHERE k.contype IN ('p', 'u', 'f')
)

SELECT
    current_database() AS constraint_catalog,
    n.nspname AS constraint_schema,
    k.conname AS constraint_name,
    current_database() AS table_catalog,
    n.nspname AS table_schema,
    c.relname AS table_name,
    a.attname AS column_name,
    k._place::INTEGER AS ordinal_position,
    CASE WHEN k.contype = 'f' THEN k._place::INTEGER END AS position_in_unique_constraint
FROM _keys AS k
JOIN ecomsql.postgres.pg_class AS c ON c.oid = k.conrelid
JOIN ecomsql.postgres.pg_namespace AS n ON n.oid = c.relnamespace
JOIN ecomsql.postgres.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k._number;
