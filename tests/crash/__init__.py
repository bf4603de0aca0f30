"""What is left when zettel is killed, interrupted, or the disk is full, at any moment."""
