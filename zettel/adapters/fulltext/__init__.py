"""The full-text index, by Whoosh."""
