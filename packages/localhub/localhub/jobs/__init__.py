"""Jobs: commands that run once, as local processes."""
