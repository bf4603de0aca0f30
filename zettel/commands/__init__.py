"""What each command does: one module each, `run(session, ...) -> Answer`."""
