"""The Postgres frontend/backend protocol, version 3, in front of DuckDB."""
