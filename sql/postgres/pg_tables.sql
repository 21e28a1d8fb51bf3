-- Tables of the session's database.
CREATE OR REPLACE VIEW pg_tables AS
SELECT
    n.nspname AS schemaname,
    c.relname AS tablename,
    'ecomsql' AS tableowner,
    NULL::VARCHAR AS tablespace,
    c.relhasindex AS hasindexes,
    c.relhasrules AS hasrules,
    c.relhastriggers AS hastriggers,
    c.relrowsecurity AS rowsecurity
FROM ecomsql.postgres.pg_class AS c
JOIN ecomsql.postgres.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'r';
