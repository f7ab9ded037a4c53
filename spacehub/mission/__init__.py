"""A mission: a learner's own model on the Hub, which anybody can verify.

A mission is a folder with ``mission.toml``, which says what is predicted from what, and ``model.py``, which builds a scikit-learn
pipeline. A published mission is an ONNX file, ``results.json`` and a card. A published mission has no code, so
verifying a stranger's mission runs none.
"""
