"""The parts of the screen, each of which draws lines."""
