"""Serving: ONNX predictors for the app, with no training library."""

import os

# From 1.29 the official Linux builds of onnxruntime report to their maker by default. This is their
# full opt-out, and it is read once, when onnxruntime is imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
