"""Parsing notes: Markdown by pyromark, front matter by PyYAML."""
