"""What hangs together: topics, paths, subjects, mentions, links that are missing."""
