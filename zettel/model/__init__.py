"""What a Zettelkasten is: values and functions. Standard library only, no I/O, no clock."""
