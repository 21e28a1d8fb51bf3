-- The user of the session, by PostgreSQL's older name.
CREATE OR REPLACE VIEW pg_user AS
SELECT
    oid AS usesysid,
    rolname AS usename,
    rolcreatedb AS usecreatedb,
    rolsuper AS usesuper,
    rolreplication AS userepl,
    rolbypassrls AS usebypassrls,
    rolpassword AS passwd,
    rolvaliduntil AS valuntil,
    rolconfig AS useconfig
FROM ecomsql.postgres.pg_roles;
