"""A note: its front matter, blocks, passages and parsed form."""
