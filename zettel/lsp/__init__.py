"""The language server: what editors ask of notes, over the Language Server Protocol on stdin and stdout."""
