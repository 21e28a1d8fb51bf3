"""One process, one DuckDB with every function on it, for many clients: Postgres wire and Quack."""
