"""Datasets: the origin of raw files, one module per dataset, and the folder that is pushed."""
