"""The tab Cards."""
