"""The scripts that build and publish: one for the datasets, one per model."""
