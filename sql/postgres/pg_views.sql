-- Views of the session's database.
CREATE OR REPLACE VIEW pg_views AS
SELECT
    schema_name AS schemaname, view_name AS viewname, 'ecomsql' AS viewowner, sql AS definition
FROM duckdb_views()
WHERE database_name = current_database() AND NOT internal;
