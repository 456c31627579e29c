"""All SQL: the catalogue over SQLite and PostgreSQL."""
