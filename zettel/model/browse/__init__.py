"""Browsing as a pure value: what is shown, what happened, what is to be done, and the table of keys."""
