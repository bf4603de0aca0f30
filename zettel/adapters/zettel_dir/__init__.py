"""What `.zettel/` holds: lists, templates, trust."""
