"""The parts that every layer uses: errors, answers, progress, values."""
