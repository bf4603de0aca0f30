"""What the attacks are made of: notebooks that provoke, processes that are struck, disks that fail, and the fuzzers."""
