"""Serving: ONNX predictors for the app, with no training library."""
