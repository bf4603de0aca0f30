"""Dialogues on a terminal that are answered by single keys."""
