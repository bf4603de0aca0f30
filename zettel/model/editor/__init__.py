"""What an editor needs to know of the text that is typed in it: positions, what can be completed, and how a link is written."""
