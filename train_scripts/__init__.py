"""Scripts that build and publish the datasets and models: one script for all datasets, and one per model."""

from spacehub.collector import collect_rarely

# This call must precede the import of PyTorch in the scripts.
collect_rarely()
