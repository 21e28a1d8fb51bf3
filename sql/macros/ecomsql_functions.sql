-- List the functions of ecomsql, with what they are for.
--
-- Returns: name VARCHAR, kind VARCHAR, signature VARCHAR, summary VARCHAR, example VARCHAR
-- Example:
--   FROM ecomsql_functions();
CREATE OR REPLACE MACRO ecomsql_functions() AS TABLE
SELECT unnest(_catalogue('public'), recursive := true);
