-- The user of the session.
CREATE OR REPLACE VIEW pg_roles AS
SELECT
    10::BIGINT AS oid,
    'ecomsql' AS rolname,
    false AS rolsuper,
    true AS rolinherit,
    false AS rolcreaterole,
    false AS rolcreatedb,
    true AS rolcanlogin,
    false AS rolreplication,
    false AS rolbypassrls,
    -1::INTEGER AS rolconnlimit,
    '********' AS rolpassword,
    NULL::TIMESTAMPTZ AS rolvaliduntil,
    NULL::VARCHAR[] AS rolconfig;
