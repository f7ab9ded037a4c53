"""A mission: a learner's own model on the Hub, which anybody can verify.

A mission is a folder with ``mission.toml``, which states the target and the features, and ``model.py``, which
builds a scikit-learn pipeline. A published mission is an ONNX file, ``results.json`` and a card. It contains no
code, so verifying a stranger's mission runs no foreign code.
"""
