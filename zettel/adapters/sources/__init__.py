"""The files to import: where they are, and the documents that each of them holds, by format."""
