"""Which notes to look at again."""
