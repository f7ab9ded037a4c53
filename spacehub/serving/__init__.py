"""Serve models for the app: ONNX predictors that need no training library."""
