"""Links that are missing: evidence, scores, and where they could go."""
