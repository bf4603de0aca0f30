"""Links: their syntaxes, and which note they name."""
