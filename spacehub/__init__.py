"""Space-themed machine learning that lives on the Hugging Face Hub."""

import os

# ONNX Runtime sends telemetry from the moment it is imported, unless this is set before.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
