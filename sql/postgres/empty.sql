-- Relations of PostgreSQL's catalogue that have no rows here.

CREATE OR REPLACE VIEW pg_aggregate AS
SELECT
    NULL::BIGINT AS "aggfnoid", NULL::VARCHAR AS "aggkind", NULL::SMALLINT AS "aggnumdirectargs"
WHERE false;

CREATE OR REPLACE VIEW pg_auth_members AS
SELECT
    NULL::BIGINT AS "roleid", NULL::BIGINT AS "member", NULL::BIGINT AS "grantor", NULL::BOOLEAN AS "admin_option"
WHERE false;

CREATE OR REPLACE VIEW pg_cast AS
SELECT
    NULL::BIGINT AS "oid", NULL::BIGINT AS "castsource", NULL::BIGINT AS "casttarget", NULL::BIGINT AS "castfunc",
    NULL::VARCHAR AS "castcontext", NULL::VARCHAR AS "castmethod"
WHERE false;

CREATE OR REPLACE VIEW pg_conversion AS
SELECT
    NULL::BIGINT AS "oid", NULL::VARCHAR AS "conname", NULL::BIGINT AS "connamespace", NULL::BIGINT AS "conowner"
WHERE false;

CREATE OR REPLACE VIEW pg_db_role_setting AS
SELECT
    NULL::BIGINT AS "setdatabase", NULL::BIGINT AS "setrole", NULL::VARCHAR[] AS "setconfig"
WHERE false;

CREATE OR REPLACE VIEW pg_default_acl AS
SELECT
    NULL::BIGINT AS "oid", NULL::BIGINT AS "defaclrole", NULL::BIGINT AS "defaclnamespace",
    NULL::VARCHAR AS "defaclobjtype", NULL::VARCHAR[] AS "defaclacl"
WHERE false;

CREATE OR REPLACE VIEW pg_depend AS
SELECT
    NULL::BIGINT AS "classid", NULL::BIGINT AS "objid", NULL::INTEGER AS "objsubid", NULL::BIGINT AS "refclassid",
    NULL::BIGINT AS "refobjid", NULL::INTEGER AS "refobjsubid", NULL::VARCHAR AS "deptype"
WHERE false;

CREATE OR REPLACE VIEW pg_enum AS
SELECT
    NULL::BIGINT AS "oid", NULL::BIGINT AS "enumtypid", NULL::FLOAT AS "enumsortorder", NULL::VARCHAR AS "enumlabel"
WHERE false;

CREATE OR REPLACE VIEW pg_event_trigger AS
SELECT
    NULL::BIGINT AS "oid", NULL::VARCHAR AS "evtname", NULL::VARCHAR AS "evtevent", NULL::BIGINT AS "evtowner",
    NULL::BIGINT AS "evtfoid", NULL::VARCHAR AS "evtenabled", NULL::VARCHAR[] AS "evttags"
WHERE false;

CREATE OR REPLACE VIEW pg_extension AS
SELECT
    NULL::BIGINT AS "oid", NULL::VARCHAR AS "extname", NULL::BIGINT AS "extowner", NULL::BIGINT AS "extnamespace",
    NULL::BOOLEAN AS "extrelocatable", NULL::VARCHAR AS "extversion", NULL::VARCHAR[] AS "extconfig",
    NULL::VARCHAR[] AS "extcondition"
WHERE false;

CREATE OR REPLACE VIEW pg_foreign_data_wrapper AS
SELECT
    NULL::BIGINT AS "oid", NULL::VARCHAR AS "fdwname", NULL::BIGINT AS "fdwowner", NULL::BIGINT AS "fdwhandler",
    NULL::BIGINT AS "fdwvalidator", NULL::VARCHAR[] AS "fdwacl", NULL::VARCHAR[] AS "fdwoptions"
WHERE false;

CREATE OR REPLACE VIEW pg_foreign_server AS
SELECT
    NULL::BIGINT AS "oid", NULL::VARCHAR AS "srvname", NULL::BIGINT AS "srvowner", NULL::BIGINT AS "srvfdw",
    NULL::VARCHAR AS "srvtype", NULL::VARCHAR AS "srvversion", NULL::VARCHAR[] AS "srvacl",
    NULL::VARCHAR[] AS "srvoptions"
WHERE false;

CREATE OR REPLACE VIEW pg_foreign_table AS
SELECT
    NULL::BIGINT AS "ftrelid", NULL::BIGINT AS "ftserver", NULL::VARCHAR[] AS "ftoptions"
WHERE false;

CREATE OR REPLACE VIEW pg_inherits AS
SELECT
    NULL::BIGINT AS "inhrelid", NULL::BIGINT AS "inhparent", NULL::INTEGER AS "inhseqno",
    NULL::BOOLEAN AS "inhdetachpending"
WHERE false;

CREATE OR REPLACE VIEW pg_init_privs AS
SELECT
    NULL::BIGINT AS "objoid", NULL::BIGINT AS "classoid", NULL::INTEGER AS "objsubid", NULL::VARCHAR AS "privtype",
    NULL::VARCHAR[] AS "initprivs"
WHERE false;

CREATE OR REPLACE VIEW pg_locks AS
SELECT
    NULL::VARCHAR AS "locktype", NULL::BIGINT AS "database", NULL::BIGINT AS "relation", NULL::INTEGER AS "pid",
    NULL::VARCHAR AS "mode", NULL::BOOLEAN AS "granted", NULL::VARCHAR AS "virtualtransaction",
    NULL::VARCHAR AS "transactionid"
WHERE false;

CREATE OR REPLACE VIEW pg_matviews AS
SELECT
    NULL::VARCHAR AS "schemaname", NULL::VARCHAR AS "matviewname", NULL::VARCHAR AS "matviewowner",
    NULL::VARCHAR AS "tablespace", NULL::BOOLEAN AS "hasindexes", NULL::BOOLEAN AS "ispopulated",
    NULL::VARCHAR AS "definition"
WHERE false;

CREATE OR REPLACE VIEW pg_opclass AS
SELECT
    NULL::BIGINT AS "oid", NULL::BIGINT AS "opcmethod", NULL::VARCHAR AS "opcname", NULL::BIGINT AS "opcnamespace",
    NULL::BIGINT AS "opcowner", NULL::BIGINT AS "opcfamily", NULL::BIGINT AS "opcintype",
    NULL::BOOLEAN AS "opcdefault", NULL::BIGINT AS "opckeytype"
WHERE false;

CREATE OR REPLACE VIEW pg_operator AS
SELECT
    NULL::BIGINT AS "oid", NULL::VARCHAR AS "oprname", NULL::BIGINT AS "oprnamespace", NULL::BIGINT AS "oprowner",
    NULL::VARCHAR AS "oprkind", NULL::BIGINT AS "oprleft", NULL::BIGINT AS "oprright", NULL::BIGINT AS "oprresult",
    NULL::BIGINT AS "oprcode"
WHERE false;

CREATE OR REPLACE VIEW pg_opfamily AS
SELECT
    NULL::BIGINT AS "oid", NULL::BIGINT AS "opfmethod", NULL::VARCHAR AS "opfname", NULL::BIGINT AS "opfnamespace",
    NULL::BIGINT AS "opfowner"
WHERE false;

CREATE OR REPLACE VIEW pg_partitioned_table AS
SELECT
    NULL::BIGINT AS "partrelid", NULL::VARCHAR AS "partstrat", NULL::SMALLINT AS "partnatts",
    NULL::BIGINT AS "partdefid", NULL::SMALLINT[] AS "partattrs", NULL::VARCHAR AS "partexprs"
WHERE false;

CREATE OR REPLACE VIEW pg_policy AS
SELECT
    NULL::BIGINT AS "oid", NULL::VARCHAR AS "polname", NULL::BIGINT AS "polrelid", NULL::VARCHAR AS "polcmd",
    NULL::BOOLEAN AS "polpermissive", NULL::BIGINT[] AS "polroles", NULL::VARCHAR AS "polqual",
    NULL::VARCHAR AS "polwithcheck"
WHERE false;

CREATE OR REPLACE VIEW pg_prepared_xacts AS
SELECT
    NULL::INTEGER AS "transaction", NULL::VARCHAR AS "gid", NULL::TIMESTAMPTZ AS "prepared", NULL::VARCHAR AS "owner",
    NULL::VARCHAR AS "database"
WHERE false;

CREATE OR REPLACE VIEW pg_publication AS
SELECT
    NULL::BIGINT AS "oid", NULL::VARCHAR AS "pubname", NULL::BIGINT AS "pubowner", NULL::BOOLEAN AS "puballtables",
    NULL::BOOLEAN AS "pubinsert", NULL::BOOLEAN AS "pubupdate", NULL::BOOLEAN AS "pubdelete",
    NULL::BOOLEAN AS "pubtruncate", NULL::BOOLEAN AS "pubviaroot"
WHERE false;

CREATE OR REPLACE VIEW pg_publication_namespace AS
SELECT
    NULL::BIGINT AS "oid", NULL::BIGINT AS "pnpubid", NULL::BIGINT AS "pnnspid"
WHERE false;

CREATE OR REPLACE VIEW pg_publication_rel AS
SELECT
    NULL::BIGINT AS "oid", NULL::BIGINT AS "prpubid", NULL::BIGINT AS "prrelid", NULL::VARCHAR AS "prqual",
    NULL::SMALLINT[] AS "prattrs"
WHERE false;

CREATE OR REPLACE VIEW pg_range AS
SELECT
    NULL::BIGINT AS "rngtypid", NULL::BIGINT AS "rngsubtype", NULL::BIGINT AS "rngmultitypid",
    NULL::BIGINT AS "rngcollation", NULL::BIGINT AS "rngsubopc", NULL::BIGINT AS "rngcanonical",
    NULL::BIGINT AS "rngsubdiff"
WHERE false;

CREATE OR REPLACE VIEW pg_rewrite AS
SELECT
    NULL::BIGINT AS "oid", NULL::VARCHAR AS "rulename", NULL::BIGINT AS "ev_class", NULL::VARCHAR AS "ev_type",
    NULL::VARCHAR AS "ev_enabled", NULL::BOOLEAN AS "is_instead", NULL::VARCHAR AS "ev_qual",
    NULL::VARCHAR AS "ev_action"
WHERE false;

CREATE OR REPLACE VIEW pg_rules AS
SELECT
    NULL::VARCHAR AS "schemaname", NULL::VARCHAR AS "tablename", NULL::VARCHAR AS "rulename",
    NULL::VARCHAR AS "definition"
WHERE false;

CREATE OR REPLACE VIEW pg_seclabel AS
SELECT
    NULL::BIGINT AS "objoid", NULL::BIGINT AS "classoid", NULL::INTEGER AS "objsubid", NULL::VARCHAR AS "provider",
    NULL::VARCHAR AS "label"
WHERE false;

CREATE OR REPLACE VIEW pg_shdepend AS
SELECT
    NULL::BIGINT AS "dbid", NULL::BIGINT AS "classid", NULL::BIGINT AS "objid", NULL::INTEGER AS "objsubid",
    NULL::BIGINT AS "refclassid", NULL::BIGINT AS "refobjid", NULL::VARCHAR AS "deptype"
WHERE false;

CREATE OR REPLACE VIEW pg_shdescription AS
SELECT
    NULL::BIGINT AS "objoid", NULL::BIGINT AS "classoid", NULL::VARCHAR AS "description"
WHERE false;

CREATE OR REPLACE VIEW pg_sequence AS
SELECT
    NULL::BIGINT AS "seqrelid", NULL::BIGINT AS "seqtypid", NULL::BIGINT AS "seqstart",
    NULL::BIGINT AS "seqincrement", NULL::BIGINT AS "seqmax", NULL::BIGINT AS "seqmin", NULL::BIGINT AS "seqcache",
    NULL::BOOLEAN AS "seqcycle"
WHERE false;

CREATE OR REPLACE VIEW pg_stat_ssl AS
SELECT
    NULL::INTEGER AS "pid", NULL::BOOLEAN AS "ssl", NULL::VARCHAR AS "version", NULL::VARCHAR AS "cipher",
    NULL::INTEGER AS "bits"
WHERE false;

CREATE OR REPLACE VIEW pg_stat_user_tables AS
SELECT
    NULL::BIGINT AS "relid", NULL::VARCHAR AS "schemaname", NULL::VARCHAR AS "relname", NULL::BIGINT AS "seq_scan",
    NULL::BIGINT AS "n_live_tup", NULL::BIGINT AS "n_dead_tup"
WHERE false;

CREATE OR REPLACE VIEW pg_statio_user_tables AS
SELECT
    NULL::BIGINT AS "relid", NULL::VARCHAR AS "schemaname", NULL::VARCHAR AS "relname",
    NULL::BIGINT AS "heap_blks_read"
WHERE false;

CREATE OR REPLACE VIEW pg_statistic AS
SELECT
    NULL::BIGINT AS "starelid", NULL::SMALLINT AS "staattnum", NULL::BOOLEAN AS "stainherit",
    NULL::FLOAT AS "stanullfrac", NULL::INTEGER AS "stawidth", NULL::FLOAT AS "stadistinct"
WHERE false;

CREATE OR REPLACE VIEW pg_statistic_ext AS
SELECT
    NULL::BIGINT AS "oid", NULL::BIGINT AS "stxrelid", NULL::VARCHAR AS "stxname", NULL::BIGINT AS "stxnamespace",
    NULL::BIGINT AS "stxowner", NULL::INTEGER AS "stxstattarget", NULL::SMALLINT[] AS "stxkeys",
    NULL::VARCHAR[] AS "stxkind", NULL::VARCHAR AS "stxexprs"
WHERE false;

CREATE OR REPLACE VIEW pg_stats AS
SELECT
    NULL::VARCHAR AS "schemaname", NULL::VARCHAR AS "tablename", NULL::VARCHAR AS "attname",
    NULL::FLOAT AS "null_frac", NULL::FLOAT AS "n_distinct"
WHERE false;

CREATE OR REPLACE VIEW pg_subscription AS
SELECT
    NULL::BIGINT AS "oid", NULL::BIGINT AS "subdbid", NULL::VARCHAR AS "subname", NULL::BIGINT AS "subowner",
    NULL::BOOLEAN AS "subenabled"
WHERE false;

CREATE OR REPLACE VIEW pg_timezone_names AS
SELECT
    NULL::VARCHAR AS "name", NULL::VARCHAR AS "abbrev", NULL::INTERVAL AS "utc_offset", NULL::BOOLEAN AS "is_dst"
WHERE false;

CREATE OR REPLACE VIEW pg_transform AS
SELECT
    NULL::BIGINT AS "oid", NULL::BIGINT AS "trftype", NULL::BIGINT AS "trflang", NULL::BIGINT AS "trffromsql",
    NULL::BIGINT AS "trftosql"
WHERE false;

CREATE OR REPLACE VIEW pg_trigger AS
SELECT
    NULL::BIGINT AS "oid", NULL::BIGINT AS "tgrelid", NULL::BIGINT AS "tgparentid", NULL::VARCHAR AS "tgname",
    NULL::BIGINT AS "tgfoid", NULL::SMALLINT AS "tgtype", NULL::VARCHAR AS "tgenabled",
    NULL::BOOLEAN AS "tgisinternal", NULL::BIGINT AS "tgconstrrelid", NULL::BIGINT AS "tgconstrindid",
    NULL::BIGINT AS "tgconstraint", NULL::BOOLEAN AS "tgdeferrable", NULL::BOOLEAN AS "tginitdeferred",
    NULL::SMALLINT AS "tgnargs", NULL::SMALLINT[] AS "tgattr", NULL::BLOB AS "tgargs", NULL::VARCHAR AS "tgqual",
    NULL::VARCHAR AS "tgoldtable", NULL::VARCHAR AS "tgnewtable"
WHERE false;

CREATE OR REPLACE VIEW pg_ts_config AS
SELECT
    NULL::BIGINT AS "oid", NULL::VARCHAR AS "cfgname", NULL::BIGINT AS "cfgnamespace", NULL::BIGINT AS "cfgowner",
    NULL::BIGINT AS "cfgparser"
WHERE false;

CREATE OR REPLACE VIEW pg_ts_dict AS
SELECT
    NULL::BIGINT AS "oid", NULL::VARCHAR AS "dictname", NULL::BIGINT AS "dictnamespace", NULL::BIGINT AS "dictowner",
    NULL::BIGINT AS "dicttemplate"
WHERE false;

CREATE OR REPLACE VIEW pg_ts_parser AS
SELECT
    NULL::BIGINT AS "oid", NULL::VARCHAR AS "prsname", NULL::BIGINT AS "prsnamespace"
WHERE false;

CREATE OR REPLACE VIEW pg_ts_template AS
SELECT
    NULL::BIGINT AS "oid", NULL::VARCHAR AS "tmplname", NULL::BIGINT AS "tmplnamespace"
WHERE false;

CREATE OR REPLACE VIEW pg_user_mapping AS
SELECT
    NULL::BIGINT AS "oid", NULL::BIGINT AS "umuser", NULL::BIGINT AS "umserver", NULL::VARCHAR[] AS "umoptions"
WHERE false;

CREATE OR REPLACE VIEW information_schema_referential_constraints AS
SELECT
    NULL::VARCHAR AS "constraint_catalog", NULL::VARCHAR AS "constraint_schema", NULL::VARCHAR AS "constraint_name",
    NULL::VARCHAR AS "unique_constraint_catalog", NULL::VARCHAR AS "unique_constraint_schema",
    NULL::VARCHAR AS "unique_constraint_name", NULL::VARCHAR AS "match_option", NULL::VARCHAR AS "update_rule",
    NULL::VARCHAR AS "delete_rule"
WHERE false;

CREATE OR REPLACE VIEW information_schema_parameters AS
SELECT
    NULL::VARCHAR AS "specific_catalog", NULL::VARCHAR AS "specific_schema", NULL::VARCHAR AS "specific_name",
    NULL::INTEGER AS "ordinal_position", NULL::VARCHAR AS "parameter_mode", NULL::VARCHAR AS "parameter_name",
    NULL::VARCHAR AS "data_type"
WHERE false;

CREATE OR REPLACE VIEW information_schema_triggers AS
SELECT
    NULL::VARCHAR AS "trigger_catalog", NULL::VARCHAR AS "trigger_schema", NULL::VARCHAR AS "trigger_name",
    NULL::VARCHAR AS "event_manipulation", NULL::VARCHAR AS "event_object_schema",
    NULL::VARCHAR AS "event_object_table"
WHERE false;

CREATE OR REPLACE VIEW information_schema_table_privileges AS
SELECT
    NULL::VARCHAR AS "grantor", NULL::VARCHAR AS "grantee", NULL::VARCHAR AS "table_catalog",
    NULL::VARCHAR AS "table_schema", NULL::VARCHAR AS "table_name", NULL::VARCHAR AS "privilege_type",
    NULL::VARCHAR AS "is_grantable"
WHERE false;

CREATE OR REPLACE VIEW information_schema_column_privileges AS
SELECT
    NULL::VARCHAR AS "grantor", NULL::VARCHAR AS "grantee", NULL::VARCHAR AS "table_catalog",
    NULL::VARCHAR AS "table_schema", NULL::VARCHAR AS "table_name", NULL::VARCHAR AS "column_name",
    NULL::VARCHAR AS "privilege_type", NULL::VARCHAR AS "is_grantable"
WHERE false;

CREATE OR REPLACE VIEW information_schema_check_constraints AS
SELECT
    NULL::VARCHAR AS "constraint_catalog", NULL::VARCHAR AS "constraint_schema", NULL::VARCHAR AS "constraint_name",
    NULL::VARCHAR AS "check_clause"
WHERE false;

CREATE OR REPLACE VIEW information_schema_constraint_column_usage AS
SELECT
    NULL::VARCHAR AS "table_catalog", NULL::VARCHAR AS "table_schema", NULL::VARCHAR AS "table_name",
    NULL::VARCHAR AS "column_name", NULL::VARCHAR AS "constraint_catalog", NULL::VARCHAR AS "constraint_schema",
    NULL::VARCHAR AS "constraint_name"
WHERE false;

CREATE OR REPLACE VIEW information_schema_sequences AS
SELECT
    NULL::VARCHAR AS "sequence_catalog", NULL::VARCHAR AS "sequence_schema", NULL::VARCHAR AS "sequence_name",
    NULL::VARCHAR AS "data_type", NULL::VARCHAR AS "start_value", NULL::VARCHAR AS "minimum_value",
    NULL::VARCHAR AS "maximum_value", NULL::VARCHAR AS "increment"
WHERE false;

CREATE OR REPLACE VIEW information_schema_role_table_grants AS
SELECT
    NULL::VARCHAR AS "grantor", NULL::VARCHAR AS "grantee", NULL::VARCHAR AS "table_catalog",
    NULL::VARCHAR AS "table_schema", NULL::VARCHAR AS "table_name", NULL::VARCHAR AS "privilege_type",
    NULL::VARCHAR AS "is_grantable"
WHERE false;

CREATE OR REPLACE VIEW information_schema_domains AS
SELECT
    NULL::VARCHAR AS "domain_catalog", NULL::VARCHAR AS "domain_schema", NULL::VARCHAR AS "domain_name",
    NULL::VARCHAR AS "data_type"
WHERE false;
