-- The user of the session, where tools look for owners.
CREATE OR REPLACE VIEW pg_authid AS FROM ecomsql.postgres.pg_roles;
