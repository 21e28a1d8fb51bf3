-- Columns of the session's tables and views, with PostgreSQL's names of their types.
CREATE OR REPLACE VIEW information_schema_columns AS
SELECT
    current_database() AS table_catalog,
    n.nspname AS table_schema,
    c.relname AS table_name,
    a.attname AS column_name,
    a.attnum::INTEGER AS ordinal_position,
    a._default AS column_default,
    CASE WHEN a.attnotnull THEN 'NO' ELSE 'YES' END AS is_nullable,
    CASE
        WHEN t.typcategory = 'A' THEN 'ARRAY' ELSE ecomsql.postgres.format_type(a.atttypid, NULL)
    END AS data_type,
    NULL::INTEGER AS character_maximum_length,
    NULL::INTEGER AS character_octet_length,
    CASE
        WHEN a.atttypid = 1700 AND a.atttypmod > 0 THEN (a.atttypmod - 4) >> 16
        WHEN a.atttypid = 21 THEN 16
        WHEN a.atttypid = 23 THEN 32
        WHEN a.atttypid = 20 THEN 64
        WHEN a.atttypid = 700 THEN 24
        WHEN a.atttypid = 701 THEN 53
    END AS numeric_precision,
    CASE WHEN a.atttypid IN (20, 21, 23, 700, 701) THEN 2 WHEN a.atttypid = 1700 THEN 10 END
        AS numeric_precision_radix,
    CASE
        WHEN a.atttypid = 1700 AND a.atttypmod > 0 THEN (a.atttypmod - 4) & 65535
        WHEN a.atttypid IN (20, 21, 23) THEN 0
    END AS numeric_scale,
    CASE WHEN t.typcategory = 'D' THEN CASE WHEN t.typname = 'date' THEN 0 ELSE 6 END END AS datetime_precision,
    NULL::VARCHAR AS interval_type,
    NULL::VARCHAR AS character_set_name,
    NULL::VARCHAR AS collation_name,
    NULL::VARCHAR AS domain_name,
    current_database() AS udt_catalog,
    'pg_catalog' AS udt_schema,
    t.typname AS udt_name,
    a.attnum::VARCHAR AS dtd_identifier,
    'NO' AS is_self_referencing,
    'NO' AS is_identity,
    NULL::VARCHAR AS identity_generation,
    'NEVER' AS is_generated,
    NULL::VARCHAR AS generation_expression,
    CASE WHEN c.relkind = 'r' THEN 'YES' ELSE 'NO' END AS is_updatable
FROM ecomsql.postgres.pg_attribute AS a
JOIN ecomsql.postgres.pg_class AS c ON c.oid = a.attrelid
JOIN ecomsql.postgres.pg_namespace AS n ON n.oid = c.relnamespace
JOIN ecomsql.postgres.pg_type AS t ON t.oid = a.atttypid
WHERE c.relkind IN ('r', 'v');
