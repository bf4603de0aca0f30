"""Web pages and other files to import."""
