"""Settings, and the grammar of the rules that are written as sentences in the settings."""
