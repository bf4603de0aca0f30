"""The command line: the typer app, the fast parser in front of it, help, completion, and running a command."""
