"""Changes of notes: from bytes to bytes, each proved by reading the result."""
