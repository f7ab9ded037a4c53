"""Space-themed machine learning that lives on the Hugging Face Hub."""

import os

# ONNX Runtime reports to its maker from the moment it is imported, unless told not to before.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
