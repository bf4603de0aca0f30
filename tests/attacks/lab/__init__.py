"""The parts of the attacks: hostile notebooks, processes that are killed, disks that fail, and the fuzzers."""
