"""Filters and search queries."""
