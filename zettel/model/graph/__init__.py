"""The link graph: paths, topics, subjects, clusters."""
