"""Turn an imported text into the text of a note."""
