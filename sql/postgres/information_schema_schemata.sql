-- Schemas of the session's database.
CREATE OR REPLACE VIEW information_schema_schemata AS
SELECT
    current_database() AS catalog_name,
    nspname AS schema_name,
    'ecomsql' AS schema_owner,
    NULL::VARCHAR AS default_character_set_catalog,
    NULL::VARCHAR AS default_character_set_schema,
    NULL::VARCHAR AS default_character_set_name,
    NULL::VARCHAR AS sql_path
FROM ecomsql.postgres.pg_namespace;
