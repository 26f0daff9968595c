"""SQLite: the connection and schemas in one place, the index, the vector cache."""
