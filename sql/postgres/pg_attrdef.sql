-- Defaults of columns.
CREATE OR REPLACE VIEW pg_attrdef AS
SELECT
    attrelid * 1600 + attnum AS oid,
    attrelid AS adrelid,
    attnum AS adnum,
    _default AS adbin,
    _default AS adsrc
FROM ecomsql.postgres.pg_attribute
WHERE atthasdef;
