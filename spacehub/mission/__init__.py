"""A mission of the learner's own: a model on the Hub under their name that anybody can verify.

A mission is a folder with ``mission.toml``, which says what is predicted from what, and ``model.py``, which builds a scikit-learn
pipeline. Published are an ONNX file, ``results.json`` and a card: no code, so that verifying a stranger's mission runs none.
"""
