"""What every layer uses: errors, answers, settings, values."""
