"""Edit notes: turn the bytes of a note into new bytes, and verify each edit by parsing the result."""
