"""The scripts that build and publish: one for the datasets, one per model."""

from spacehub.collector import collect_rarely

# Before the scripts import PyTorch.
collect_rarely()
