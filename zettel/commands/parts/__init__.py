"""Share code between commands, and hold what would make one command module too long."""
