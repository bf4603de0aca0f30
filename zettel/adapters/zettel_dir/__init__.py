"""The folder `.zettel/`: lists, templates, trust."""
