"""The outside world: each third-party library has exactly one home here."""
