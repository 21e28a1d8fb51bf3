-- The functions of ecomsql, and the macros of the session's database.
CREATE OR REPLACE VIEW information_schema_routines AS
SELECT
    current_database() AS specific_catalog,
    n.nspname AS specific_schema,
    p.proname || '_' || p.oid AS specific_name,
    current_database() AS routine_catalog,
    n.nspname AS routine_schema,
    p.proname AS routine_name,
    'FUNCTION' AS routine_type,
    CASE WHEN p.proretset THEN 'record' ELSE 'text' END AS data_type,
    'SQL' AS routine_body,
    'SQL' AS external_language
FROM ecomsql.postgres.pg_proc AS p
JOIN ecomsql.postgres.pg_namespace AS n ON n.oid = p.pronamespace;
