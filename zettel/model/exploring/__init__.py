"""Explore a notebook: topics, paths, subjects, mentions and missing links."""
