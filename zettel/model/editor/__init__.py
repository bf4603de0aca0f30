"""Positions in the text that an editor holds, what can be completed there, and how a link is written."""
