-- Sequences of the session's database.
CREATE OR REPLACE VIEW pg_sequences AS
SELECT
    schema_name AS schemaname,
    sequence_name AS sequencename,
    'ecomsql' AS sequenceowner,
    'bigint' AS data_type,
    start_value,
    min_value,
    max_value,
    increment_by,
    cycle,
    1::BIGINT AS cache_size,
    last_value
FROM duckdb_sequences()
WHERE database_name = current_database();
