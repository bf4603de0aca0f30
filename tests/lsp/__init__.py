"""Test the language server: what it declares, what it answers, and that nothing ends it before its client does."""
