"""Plain text: folding, tokens, sentences, dates, IDs."""
