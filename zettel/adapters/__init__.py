"""Adapters to the outside world. Each third-party library is imported in exactly one module here."""
