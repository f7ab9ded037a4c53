"""The tab Mission control."""
