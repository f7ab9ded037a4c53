"""Datasets: where raw files come from, one module a dataset, and the folder that is pushed."""
