"""Show a notebook on the whole screen of a terminal, to browse it."""
