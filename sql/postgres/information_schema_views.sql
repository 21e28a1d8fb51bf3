-- Views of the session's database, with their queries.
CREATE OR REPLACE VIEW information_schema_views AS
SELECT
    current_database() AS table_catalog,
    schemaname AS table_schema,
    viewname AS table_name,
    definition AS view_definition,
    'NONE' AS check_option,
    'NO' AS is_updatable,
    'NO' AS is_insertable_into
FROM ecomsql.postgres.pg_views;
