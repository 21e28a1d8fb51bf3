-- The sessions that are in; what they ask is nobody's business.
CREATE OR REPLACE VIEW pg_stat_activity AS
WITH _sessions AS (SELECT unnest(_sessions_inside()) AS _one)

SELECT
    16384::BIGINT AS datid,
    current_database() AS datname,
    _one.number AS pid,
    NULL::INTEGER AS leader_pid,
    10::BIGINT AS usesysid,
    _one.user_name AS usename,
    _one.application AS application_name,
    _one.address AS client_addr,
    NULL::VARCHAR AS client_hostname,
    _one.port AS client_port,
    to_timestamp(_one.since) AS backend_start,
    NULL::TIMESTAMPTZ AS xact_start,
    NULL::TIMESTAMPTZ AS query_start,
    NULL::TIMESTAMPTZ AS state_change,
    NULL::VARCHAR AS wait_event_type,
    NULL::VARCHAR AS wait_event,
    _one.state AS state,
    NULL::BIGINT AS backend_xid,
    NULL::BIGINT AS backend_xmin,
    NULL::BIGINT AS query_id,
    NULL::VARCHAR AS query,
    'client backend' AS backend_type
FROM _sessions;
