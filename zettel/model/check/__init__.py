"""What can be wrong with a notebook."""
