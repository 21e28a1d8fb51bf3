"""Features: tables in, tables and arrays out; no model, no database."""
