"""Model a Zettelkasten with pure values and functions: standard library only, no I/O, no clock."""
