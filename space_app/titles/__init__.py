"""The tab Titles."""
