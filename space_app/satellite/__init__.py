"""The tab Satellite."""
