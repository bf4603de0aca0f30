"""The journal, which carries changes out whole or not at all."""
