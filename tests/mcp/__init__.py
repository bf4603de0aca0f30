"""Test the server for assistants."""
