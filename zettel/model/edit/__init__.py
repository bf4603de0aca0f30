"""Changes of notes: pure functions from bytes to bytes."""
