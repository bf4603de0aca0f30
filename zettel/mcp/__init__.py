"""The server for assistants: what a model may ask of a notebook, over the Model Context Protocol on stdin and stdout."""
