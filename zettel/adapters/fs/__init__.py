"""The file system: atomic writes, rooted access, scanning, locks."""
