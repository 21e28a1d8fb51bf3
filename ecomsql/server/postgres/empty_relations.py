"""Relations of PostgreSQL's catalogue that have no rows here: names and types of their columns."""

from __future__ import annotations

EMPTY = {
    "pg_aggregate": "aggfnoid oid, aggkind char, aggnumdirectargs int2",
    "pg_auth_members": "roleid oid, member oid, grantor oid, admin_option bool",
    "pg_cast": "oid oid, castsource oid, casttarget oid, castfunc oid, castcontext char, castmethod char",
    "pg_conversion": "oid oid, conname name, connamespace oid, conowner oid",
    "pg_db_role_setting": "setdatabase oid, setrole oid, setconfig text[]",
    "pg_default_acl": "oid oid, defaclrole oid, defaclnamespace oid, defaclobjtype char, defaclacl text[]",
    "pg_depend": "classid oid, objid oid, objsubid int4, refclassid oid, refobjid oid, refobjsubid int4,"
    " deptype char",
    "pg_enum": "oid oid, enumtypid oid, enumsortorder float4, enumlabel name",
    "pg_event_trigger": "oid oid, evtname name, evtevent name, evtowner oid, evtfoid oid, evtenabled char,"
    " evttags text[]",
    "pg_extension": "oid oid, extname name, extowner oid, extnamespace oid, extrelocatable bool,"
    " extversion text, extconfig text[], extcondition text[]",
    "pg_foreign_data_wrapper": "oid oid, fdwname name, fdwowner oid, fdwhandler oid, fdwvalidator oid,"
    " fdwacl text[], fdwoptions text[]",
    "pg_foreign_server": "oid oid, srvname name, srvowner oid, srvfdw oid, srvtype text, srvversion text,"
    " srvacl text[], srvoptions text[]",
    "pg_foreign_table": "ftrelid oid, ftserver oid, ftoptions text[]",
    "pg_inherits": "inhrelid oid, inhparent oid, inhseqno int4, inhdetachpending bool",
    "pg_init_privs": "objoid oid, classoid oid, objsubid int4, privtype char, initprivs text[]",
    "pg_locks": "locktype text, database oid, relation oid, pid int4, mode text, granted bool,"
    " virtualtransaction text, transactionid text",
    "pg_matviews": "schemaname name, matviewname name, matviewowner name, tablespace name,"
    " hasindexes bool, ispopulated bool, definition text",
    "pg_opclass": "oid oid, opcmethod oid, opcname name, opcnamespace oid, opcowner oid, opcfamily oid,"
    " opcintype oid, opcdefault bool, opckeytype oid",
    "pg_operator": "oid oid, oprname name, oprnamespace oid, oprowner oid, oprkind char, oprleft oid,"
    " oprright oid, oprresult oid, oprcode oid",
    "pg_opfamily": "oid oid, opfmethod oid, opfname name, opfnamespace oid, opfowner oid",
    "pg_partitioned_table": "partrelid oid, partstrat char, partnatts int2, partdefid oid,"
    " partattrs int2[], partexprs text",
    "pg_policy": "oid oid, polname name, polrelid oid, polcmd char, polpermissive bool, polroles oid[],"
    " polqual text, polwithcheck text",
    "pg_prepared_xacts": "transaction int4, gid text, prepared timestamptz, owner name, database name",
    "pg_publication": "oid oid, pubname name, pubowner oid, puballtables bool, pubinsert bool,"
    " pubupdate bool, pubdelete bool, pubtruncate bool, pubviaroot bool",
    "pg_publication_namespace": "oid oid, pnpubid oid, pnnspid oid",
    "pg_publication_rel": "oid oid, prpubid oid, prrelid oid, prqual text, prattrs int2[]",
    "pg_range": "rngtypid oid, rngsubtype oid, rngmultitypid oid, rngcollation oid, rngsubopc oid,"
    " rngcanonical oid, rngsubdiff oid",
    "pg_rewrite": "oid oid, rulename name, ev_class oid, ev_type char, ev_enabled char, is_instead bool,"
    " ev_qual text, ev_action text",
    "pg_rules": "schemaname name, tablename name, rulename name, definition text",
    "pg_seclabel": "objoid oid, classoid oid, objsubid int4, provider text, label text",
    "pg_shdepend": "dbid oid, classid oid, objid oid, objsubid int4, refclassid oid, refobjid oid,"
    " deptype char",
    "pg_shdescription": "objoid oid, classoid oid, description text",
    "pg_sequence": "seqrelid oid, seqtypid oid, seqstart int8, seqincrement int8, seqmax int8,"
    " seqmin int8, seqcache int8, seqcycle bool",
    "pg_stat_activity": "datid oid, datname name, pid int4, usesysid oid, usename name,"
    " application_name text, client_addr text, client_port int4, backend_start timestamptz,"
    " xact_start timestamptz, query_start timestamptz, state_change timestamptz, wait_event_type text,"
    " wait_event text, state text, query text, backend_type text",
    "pg_stat_ssl": "pid int4, ssl bool, version text, cipher text, bits int4",
    "pg_stat_user_tables": "relid oid, schemaname name, relname name, seq_scan int8, n_live_tup int8,"
    " n_dead_tup int8",
    "pg_statio_user_tables": "relid oid, schemaname name, relname name, heap_blks_read int8",
    "pg_statistic": "starelid oid, staattnum int2, stainherit bool, stanullfrac float4, stawidth int4,"
    " stadistinct float4",
    "pg_statistic_ext": "oid oid, stxrelid oid, stxname name, stxnamespace oid, stxowner oid,"
    " stxstattarget int4, stxkeys int2[], stxkind text[], stxexprs text",
    "pg_stats": "schemaname name, tablename name, attname name, null_frac float4, n_distinct float4",
    "pg_subscription": "oid oid, subdbid oid, subname name, subowner oid, subenabled bool",
    "pg_timezone_names": "name text, abbrev text, utc_offset interval, is_dst bool",
    "pg_transform": "oid oid, trftype oid, trflang oid, trffromsql oid, trftosql oid",
    "pg_trigger": "oid oid, tgrelid oid, tgparentid oid, tgname name, tgfoid oid, tgtype int2,"
    " tgenabled char, tgisinternal bool, tgconstrrelid oid, tgconstrindid oid, tgconstraint oid,"
    " tgdeferrable bool, tginitdeferred bool, tgnargs int2, tgattr int2[], tgargs bytea, tgqual text,"
    " tgoldtable name, tgnewtable name",
    "pg_ts_config": "oid oid, cfgname name, cfgnamespace oid, cfgowner oid, cfgparser oid",
    "pg_ts_dict": "oid oid, dictname name, dictnamespace oid, dictowner oid, dicttemplate oid",
    "pg_ts_parser": "oid oid, prsname name, prsnamespace oid",
    "pg_ts_template": "oid oid, tmplname name, tmplnamespace oid",
    "pg_user_mapping": "oid oid, umuser oid, umserver oid, umoptions text[]",
    "information_schema_referential_constraints": "constraint_catalog name, constraint_schema name,"
    " constraint_name name, unique_constraint_catalog name, unique_constraint_schema name,"
    " unique_constraint_name name, match_option text, update_rule text, delete_rule text",
    "information_schema_parameters": "specific_catalog name, specific_schema name, specific_name name,"
    " ordinal_position int4, parameter_mode text, parameter_name name, data_type text",
    "information_schema_triggers": "trigger_catalog name, trigger_schema name, trigger_name name,"
    " event_manipulation text, event_object_schema name, event_object_table name",
    "information_schema_table_privileges": "grantor name, grantee name, table_catalog name,"
    " table_schema name, table_name name, privilege_type text, is_grantable text",
    "information_schema_column_privileges": "grantor name, grantee name, table_catalog name,"
    " table_schema name, table_name name, column_name name, privilege_type text, is_grantable text",
    "information_schema_check_constraints": "constraint_catalog name, constraint_schema name,"
    " constraint_name name, check_clause text",
    "information_schema_constraint_column_usage": "table_catalog name, table_schema name,"
    " table_name name, column_name name, constraint_catalog name, constraint_schema name,"
    " constraint_name name",
    "information_schema_sequences": "sequence_catalog name, sequence_schema name, sequence_name name,"
    " data_type text, start_value text, minimum_value text, maximum_value text, increment text",
    "information_schema_role_table_grants": "grantor name, grantee name, table_catalog name,"
    " table_schema name, table_name name, privilege_type text, is_grantable text",
    "information_schema_domains": "domain_catalog name, domain_schema name, domain_name name,"
    " data_type text",
}

_SQL = {
    "oid": "BIGINT",
    "name": "VARCHAR",
    "char": "VARCHAR",
    "text": "VARCHAR",
    "bool": "BOOLEAN",
    "int2": "SMALLINT",
    "int4": "INTEGER",
    "int8": "BIGINT",
    "float4": "FLOAT",
    "bytea": "BLOB",
    "timestamptz": "TIMESTAMPTZ",
    "interval": "INTERVAL",
    "text[]": "VARCHAR[]",
    "oid[]": "BIGINT[]",
    "int2[]": "SMALLINT[]",
}


def statements() -> list[str]:
    """Return the statements that create these relations."""
    return [
        f"CREATE OR REPLACE VIEW {name} AS SELECT {_columns(columns)} WHERE false"
        for name, columns in EMPTY.items()
    ]


def _columns(text: str) -> str:
    pairs = (column.split() for column in text.split(", "))
    return ", ".join(f'NULL::{_SQL[kind]} AS "{name}"' for name, kind in pairs)
