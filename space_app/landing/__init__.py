"""The tab Landing."""
