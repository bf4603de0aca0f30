"""The catalogue: parsed notes in SQLite."""
