-- Access methods: one of tables, one of indexes.
CREATE OR REPLACE VIEW pg_am AS
SELECT oid::BIGINT AS oid, amname, amhandler, amtype
FROM (VALUES (2, 'heap', 'heap_tableam_handler', 't'), (403, 'art', 'art_handler', 'i'))
    AS _methods (oid, amname, amhandler, amtype);
