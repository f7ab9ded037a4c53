"""The tab Lab, and a package for each of its experiments."""
