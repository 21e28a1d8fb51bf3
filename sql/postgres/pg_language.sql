-- Functions are written in SQL.
CREATE OR REPLACE VIEW pg_language AS
SELECT 14::BIGINT AS oid, 'sql' AS lanname, 10::BIGINT AS lanowner, false AS lanispl, true AS lanpltrusted;
