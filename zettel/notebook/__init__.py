"""An open notebook: kept up to date with its files, and asked."""
