"""The tab Lander."""
