"""What a text from elsewhere says: from an article's bytes to a note's text."""
