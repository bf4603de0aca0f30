"""Review: the schedule of notes, and surprising pairs."""
