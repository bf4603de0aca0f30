"""The command line: the typer app, the fast parser in front of it, completion, and running a command."""
