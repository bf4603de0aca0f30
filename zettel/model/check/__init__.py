"""Checks: the problems that a notebook can have, and rules."""
