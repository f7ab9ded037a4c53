"""Space-themed machine learning on the Hugging Face Hub."""

import os

# ONNX Runtime sends telemetry as soon as it is imported, unless this variable is already set.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
