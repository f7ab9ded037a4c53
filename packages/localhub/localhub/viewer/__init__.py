"""The dataset viewer's data: configs and splits, rows, sizes."""
